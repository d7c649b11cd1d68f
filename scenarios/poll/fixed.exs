# The worker cannot do its work without the greeting, so it waits for it.
main = self()

worker =
  spawn(fn ->
    greeting = receive do: ({:greeting, text} -> text)
    send(main, {:line, "#{greeting} world"})
  end)

send(worker, {:greeting, "Hello"})
receive do: ({:line, line} -> IO.puts(line))
