defmodule Fine do
  @doc """
      iex> Fine.one()
      1

      iex> Fine.one() +
      ...>   1
      2
  """
  def one, do: 1
  @doc """
      iex> raise "x"
      ** (RuntimeError) x
      iex> Fine.two()
      2
      iex> two = Fine.two()
      iex> two * 2
      4
      iex> :timer.sleep(0); {:ok, self()} |> elem(0)
      :ok
      iex> [1, 2,
      ...>  3]
      [1, 2, 3]
  """
  def two, do: 2
end
