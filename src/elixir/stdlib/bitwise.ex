# Operations on the bits of integers.

defmodule Bitwise do
  defmacro __using__(options) do
    except =
      cond do
        Keyword.get(options, :only_operators) -> [bnot: 1, band: 2, bor: 2, bxor: 2, bsl: 2, bsr: 2]
        Keyword.get(options, :skip_operators) -> ["~~~": 1, &&&: 2, |||: 2, "^^^": 2, <<<: 2, >>>: 2]
        true -> []
      end

    quote do
      import Bitwise, except: unquote(except)
    end
  end

  def bnot(expr), do: :erlang.bnot(expr)
  def ~~~expr, do: :erlang.bnot(expr)
  def band(left, right), do: :erlang.band(left, right)
  def left &&& right, do: :erlang.band(left, right)
  def bor(left, right), do: :erlang.bor(left, right)
  def left ||| right, do: :erlang.bor(left, right)
  def bxor(left, right), do: :erlang.bxor(left, right)
  def left ^^^ right, do: :erlang.bxor(left, right)
  def bsl(left, right), do: :erlang.bsl(left, right)
  def left <<< right, do: :erlang.bsl(left, right)
  def bsr(left, right), do: :erlang.bsr(left, right)
  def left >>> right, do: :erlang.bsr(left, right)
end
