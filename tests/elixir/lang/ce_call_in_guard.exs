defmodule T do
  def f(x) when foo(x), do: 1
end
