# A monitor on a process that may have ended already.
# OUTCOMES 2
# 1| :gone
# 2| :noproc
pid = spawn(fn -> exit(:gone) end)
Process.monitor(pid)
receive do: ({:DOWN, _, :process, _, reason} -> IO.inspect(reason))
