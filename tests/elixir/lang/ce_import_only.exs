defmodule A do
  def f, do: 1
end
defmodule T do
  import A, only: [g: 0]
  def h, do: g()
end
