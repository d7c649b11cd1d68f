IO.puts foo(1)
