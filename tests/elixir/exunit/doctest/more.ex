defmodule More do
  @moduledoc ~S'''
  Text

  ```elixir
  iex> More.boom()
  :ok
  ```

      iex(1)> More.sum(
      ...(1)>   1,
      ...(1)>   2
      ...(1)> )
      4
  '''

  @doc """
      iex> More.boom()
      :never
  """
  def boom, do: raise(ArgumentError, "boom\nsecond")

  @doc """
      iex> More.sum(1, 2)
      3
      iex> throw(:x)
      :never

      iex> exit(:x)
      :never

      iex> More.sum(1, 2)
      foo(

      iex> 2
      2
  """
  def sum(a, b \\ 1), do: a + b

  @doc """
      iex> String.upcase("a")
      "B"

      iex> %{a: 1, b: [1, 2]}
      %{a: 1, b: [1, 3]}

      iex> {:ok, 1}
      {:ok,
       2}

      iex> More.sum(1,
      ...> :a)
      1
  """
  defmacro mac(x), do: x

  @doc "      iex> 1 + 1\n      2"
  def one_line, do: 1
end
