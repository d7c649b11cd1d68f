spawn_link(fn -> exit(:normal) end)
Process.sleep(50)
spawn_link(fn -> exit(:shutdown) end)
Process.sleep(200)
IO.puts "no"
