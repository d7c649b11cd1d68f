defmodule User do
  @enforce_keys [:name]
  defstruct [:name, age: 0, tags: []]
  @type t :: %__MODULE__{name: String.t()}
  def new(name), do: %User{name: name}
  def older(%__MODULE__{age: a} = u), do: %{u | age: a + 1}
end
defmodule Point do
  @derive {Inspect, only: [:x]}
  defstruct x: 0, y: 0
end
defprotocol Area do
  @doc "area"
  @fallback_to_any true
  def area(shape)
  def name(shape, opts)
end
defmodule Sq do
  defstruct side: 1
  defimpl Area do
    def area(%{side: s}), do: s * s
    def name(_, _), do: "square"
  end
end
defimpl Area, for: Any do
  def area(_), do: 0
  def name(_, opts), do: "any #{inspect opts}"
end
defimpl Area, for: [Integer, Float] do
  def area(n), do: n
  def name(_, _), do: inspect(@for) <> " " <> inspect(@protocol)
end
defmodule Derived do
  @derive [Area]
  defstruct a: 1
end
defimpl String.Chars, for: User do
  def to_string(u), do: "User(#{u.name})"
end
defimpl Inspect, for: Sq do
  import Inspect.Algebra
  def inspect(%{side: s}, opts), do: concat(["#Sq<", to_doc(s, opts), ">"])
end
defmodule Bag do
  defstruct items: []
  defimpl Enumerable do
    def count(b), do: {:ok, length(b.items)}
    def member?(b, x), do: {:ok, x in b.items}
    def slice(_), do: {:error, __MODULE__}
    def reduce(b, acc, f), do: Enumerable.List.reduce(b.items, acc, f)
  end
  defimpl Collectable do
    def into(bag) do
      {bag, fn
        b, {:cont, x} -> %{b | items: [x | b.items]}
        b, :done -> b
        _, :halt -> :ok
      end}
    end
  end
end
defmodule Main do
  def run do
    u = User.new("Ann")
    IO.inspect u
    IO.puts "#{u}"
    IO.inspect User.older(u)
    IO.inspect %User{u | age: 7}
    IO.inspect %Point{x: 1, y: 2}
    IO.inspect %Sq{side: 4}
    IO.inspect [%Sq{side: 4}, u]
    IO.inspect Area.area(%Sq{side: 3})
    IO.inspect Area.area(3)
    IO.inspect Area.area("x")
    IO.inspect Area.name(%Derived{}, a: 1)
    IO.inspect Area.name(%Sq{}, [])
    IO.puts Area.name(3)
    IO.inspect Area.impl_for(3)
    IO.inspect Area.impl_for(%Sq{})
    b = Enum.into([1,2,3], %Bag{})
    IO.inspect b
    IO.inspect Enum.map(b, & &1 * 2)
    IO.inspect Enum.count(b)
    IO.inspect 2 in b
    IO.inspect Enum.sort(b)
    IO.inspect Map.from_struct(b)
    IO.inspect is_struct(b)
    IO.inspect is_struct(b, Bag)
    IO.inspect is_struct(b, User)
    IO.inspect(try do struct!(User, age: 1) rescue e -> Exception.message(e) end)
    IO.inspect(try do struct!(User, name: 1, foo: 1) rescue e -> Exception.message(e) end)
    IO.inspect struct(User, age: 1)
    IO.inspect struct(u, age: 10)
    IO.inspect %{u | age: 1}.age
    %User{name: n} = u
    IO.puts n
    %mod{} = u
    IO.inspect mod
    IO.inspect u.__struct__
    IO.inspect(try do u.foo rescue e -> Exception.message(e) end)
    IO.inspect(try do u[:foo] rescue e -> Exception.message(e) end)
    IO.inspect(try do Enum.map(u, & &1) rescue e -> Exception.message(e) end)
    IO.inspect(try do to_string(%Point{}) rescue e -> Exception.message(e) end)
    IO.inspect(try do String.Chars.to_string(%Bag{}) rescue e -> e end)
    IO.inspect %{u | name: %Point{}}
    IO.inspect u, structs: false
    IO.inspect Inspect.inspect(%Point{}, %Inspect.Opts{})
  end
end
Main.run
