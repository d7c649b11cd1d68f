# Two linked processes exit; nothing orders their exits.
# OUTCOMES 2
# 1| [:first, :second]
# 2| [:second, :first]
Process.flag(:trap_exit, true)
spawn_link(fn -> exit(:first) end)
spawn_link(fn -> exit(:second) end)
IO.inspect(for _ <- 1..2, do: receive(do: ({:EXIT, _, reason} -> reason)))
