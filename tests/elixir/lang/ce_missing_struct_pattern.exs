defmodule T do
  def f(%Nope{}), do: 1
end
