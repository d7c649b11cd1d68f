spawn(fn -> IO.puts("x"); System.halt(5) end)
Process.sleep(1000)
