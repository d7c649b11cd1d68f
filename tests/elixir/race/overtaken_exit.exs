# An exit signal is sent, and then another process is told, which sends a message to the same receiver. Only the order
# between two processes is promised, so the message may overtake the exit signal.
# OUTCOMES 2
# 1| [:exit, :message]
# 2~| [:message, :exit]
Process.flag(:trap_exit, true)
me = self()

messenger =
  spawn(fn ->
    receive do
      :go -> send(me, :message)
    end
  end)

spawn(fn ->
  Process.exit(me, :exit)
  send(messenger, :go)
end)

order =
  for _ <- 1..2 do
    receive do
      {:EXIT, _, reason} -> reason
      message -> message
    end
  end

IO.inspect(order)
