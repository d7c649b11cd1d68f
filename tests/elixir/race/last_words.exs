# What a process sends before it ends arrives before the message of its monitor: both come from the same process.
# OUTCOMES 1
# 1| [:last_words, :DOWN]
me = self()
spawn_monitor(fn -> send(me, :last_words) end)

tags =
  for _ <- 1..2 do
    receive do
      tag when is_atom(tag) -> tag
      message -> elem(message, 0)
    end
  end

IO.inspect(tags)
