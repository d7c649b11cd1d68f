defmodule Imp do
  @doc """
      iex> double(2)
      4
  """
  def double(x), do: x * 2
  @doc """
      iex> 1
      2
  """
  def triple(x), do: x * 3
end
