defmodule M do
  def f(%{name: n}), do: n
  def f([h | _]), do: h
end
M.f(:x)
