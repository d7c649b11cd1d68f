defmodule Join do
  @doc """
      iex> x = 5
      iex> y = 6
      iex> x + y
      12

      iex> x = 5

      iex> 7 + 1
      9

      iex> raise "multi\\nline"
      ** (RuntimeError) multi
      line

      iex> raise "multi\\nline"
      ** (RuntimeError) multi
      other

      iex> "a" <> "b" # comment
      "ab!"
  """
  def a, do: 1

  @doc "inline iex> 1"
  def b, do: 1
  @doc """
    * item

          iex> {1, 2}
          {1, 3}
  """
  def c(x) when x > 1, do: 1
  def c(_), do: 2
end
