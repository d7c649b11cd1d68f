defmodule A do
  defmodule B do
    def hi, do: "A.B"
    defmodule C do
      def hi, do: "C"
      def m, do: __MODULE__
    end
  end
  alias __MODULE__.B, as: Bee
  alias A.B.{C}
  def t, do: [B.hi(), Bee.hi(), C.hi(), C.m()]
  @attr 1
  def a1, do: @attr
  @attr 2
  def a2, do: @attr
  Module.register_attribute(__MODULE__, :acc, accumulate: true)
  @acc 1
  @acc 2
  def acc, do: @acc
  @doc false
  def hidden, do: 1
  @doc since: "1.0"
  def x, do: 1
  @compile {:inline, x: 0}
  @deprecated "no"
  def y, do: 1
  @after_compile __MODULE__
  def __after_compile__(_env, _bin), do: :ok
  import Enum, only: [map: 2]
  def z, do: map([1], & &1 + 1)
  def w, do: (import List; first([5]))
  defdelegate size(m), to: Map, as: :keys
  defdelegate reverse(l), to: Enum
  for n <- 1..3 do
    def unquote(:"f#{n}")(), do: unquote(n)
  end
  Enum.each [:p, :q], fn name ->
    def unquote(name)(x), do: {unquote(name), x}
  end
  IO.puts "compiling #{inspect __MODULE__}"
end
IO.inspect A.t
IO.inspect {A.a1, A.a2, A.acc, A.z, A.w, A.size(%{a: 1}), A.reverse([1,2]), A.f2, A.q(1)}
IO.inspect A.B.C.m
defmodule A.D do
  def hi, do: A.B.hi()
end
IO.inspect A.D.hi
IO.inspect defmodule(Z, do: def(x, do: 1)) |> elem(1)
f = fn -> defmodule Inner do def v, do: 7 end end
f.()
IO.inspect Inner.v
