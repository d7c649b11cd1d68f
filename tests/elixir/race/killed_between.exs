# A kill lands before, between or after two lines, or when the process has ended by itself.
# OUTCOMES 4
# 1| killed
# 2| one
# 2| killed
# 3| one
# 3| two
# 3| killed
# 4| one
# 4| two
# 4| normal
{pid, _ref} =
  spawn_monitor(fn ->
    IO.puts("one")
    IO.puts("two")
  end)

Process.exit(pid, :kill)
receive do: ({:DOWN, _, :process, _, reason} -> IO.puts(reason))
