# A process that does nothing may have ended or not.
# OUTCOMES 2
# 1| true
# 2| false
pid = spawn(fn -> :ok end)
IO.puts(Process.alive?(pid))
