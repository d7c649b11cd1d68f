defmodule Sig do
  def sigil_i(s, []), do: String.to_integer(s)
  def sigil_i(s, 'n'), do: -String.to_integer(s)
  defmacro sigil_u({:<<>>, _, [s]}, _), do: String.upcase(s)
end
defmodule T do
  import Sig
  def r, do: {~i(13), ~i(5)n, ~u(abc)}
end
IO.inspect T.r
defmodule Ops do
  def a <~> b, do: {a, b}
  def a + b, do: Kernel.-(a, b)
  defmacro a ~> b, do: quote(do: {unquote(b), unquote(a)})
end
defmodule T2 do
  import Kernel, except: [+: 2]
  import Ops
  def r, do: {1 <~> 2, 5 + 3, 1 ~> 2}
end
IO.inspect T2.r
defmodule T3 do
  import Kernel, except: [to_string: 1, if: 2]
  def to_string(x), do: {:mine, x}
  defmacro if(c, do: d, else: e), do: quote(do: {:myif, unquote(c), unquote(d), unquote(e)})
  def r, do: to_string(1)
end
IO.inspect T3.r
defmodule T4 do
  def length(x), do: {:len, x}
  def r, do: __MODULE__.length(5)
end
IO.inspect T4.r
