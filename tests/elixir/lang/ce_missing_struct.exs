defmodule T do
  def f, do: %Nope{b: 1}
end
