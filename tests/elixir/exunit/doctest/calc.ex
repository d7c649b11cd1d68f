defmodule Calc do
  @moduledoc """
  Sums and so on.

      iex> Calc.add(1, 1)
      2
  """

  @doc """
  Adds.

  ## Examples

      iex> Calc.add(1, 2)
      3
      iex> x = 5
      iex> Calc.add(x, 1)
      6

  Another group:

      iex> Calc.add(2, 2)
      5

      iex> Calc.add(
      ...>   3,
      ...>   4
      ...> )
      7
  """
  def add(a, b), do: a + b

  @doc """
      iex> Calc.div(1, 0)
      ** (ArithmeticError) bad argument in arithmetic expression

      iex> Calc.div(4, 2)
      ** (ArithmeticError) bad argument in arithmetic expression

      iex> Calc.div(1, 0)
      ** (ArgumentError) nope

      iex> Calc.div(1, 0)
      ** (ArithmeticError) other message
  """
  def div(a, b), do: Kernel.div(a, b)

  @doc """
      iex> Calc.map()
      %{a: 1,
        b: 2}
      iex> %{a: x} = Calc.map()
      iex> x
      1
      iex> MapSet.new([1])
      #MapSet<[1]>
      iex> Calc.boom()
      :ok
  """
  def map, do: %{a: 1, b: 2}

  @doc false
  def boom, do: raise("boom")

  @doc "no tests"
  def none, do: 1

  @doc """
  Numbered prompts.

      iex(1)> a = 1
      1
      iex(2)> a + 1
      2

      iex> Calc.kind(:a)
      "atom
      and line"
      iex> Calc.kind("x"
      :oops
  """
  def kind(_), do: "atom\nand line"

  defmacro twice(x), do: quote(do: unquote(x) * 2)
end
