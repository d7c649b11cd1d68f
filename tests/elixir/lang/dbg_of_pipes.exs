x = 5
dbg(x + 1)
[1, 2, 3] |> Enum.map(&(&1 * 2)) |> Enum.sum() |> dbg()
y = dbg(%{a: x})
IO.inspect y
dbg("str")
dbg({:ok, x}, limit: 1)
[1, 2] |> List.first() |> dbg
if dbg(true) do
  :yes
end
"a b" |> String.split() |> Enum.map(fn s -> String.upcase(s) end) |> dbg()
case dbg(1) do
  1 -> :one
end
Process.sleep(10)
defmodule InModule do
  dbg(1)

  def f(x) do
    [x] |> hd() |> dbg()
  end
end

InModule.f(2)
dbg(Enum.to_list(1..40))
