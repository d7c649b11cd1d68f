IO.puts "before"
spawn_link(fn -> raise "child" end)
Process.sleep(200)
IO.puts "not reached"
