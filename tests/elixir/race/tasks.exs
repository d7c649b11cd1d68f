# Tasks write in any order, and are awaited in theirs.
# OUTCOMES 2
# 1| one
# 1| two
# 1| [1, 2]
# 2| two
# 2| one
# 2| [1, 2]
[{"one", 1}, {"two", 2}]
|> Enum.map(fn {name, number} ->
  Task.async(fn ->
    IO.puts(name)
    number
  end)
end)
|> Enum.map(&Task.await/1)
|> IO.inspect()
