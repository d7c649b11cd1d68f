defmodule M do
  def f(x), do: g(x)
end
