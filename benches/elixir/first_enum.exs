IO.puts(Enum.count([1, 2, 3], &(&1 > 1)))
