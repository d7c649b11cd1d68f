defmodule My do
  defmacro twice(x), do: quote(do: unquote(x) * 2)
  defmacro nested(x), do: quote(do: My.twice(My.twice(unquote(x))))
end
defmodule Use do
  require My
  alias Foo.Bar, as: B
  def env, do: __ENV__
end
e = Use.env()
p = fn t -> IO.puts(Macro.to_string(t)) end
p.(Macro.expand(quote(do: unless(x, do: y)), e))
p.(Macro.expand_once(quote(do: unless(x, do: y, else: z)), e))
p.(Macro.expand_once(quote(do: if(x, do: y)), e))
p.(Macro.expand_once(quote(do: x |> f() |> g(1)), e))
p.(Macro.expand_once(quote(do: a && b), e))
p.(Macro.expand_once(quote(do: a || b), e))
p.(Macro.expand_once(quote(do: !a), e))
p.(Macro.expand_once(quote(do: a and b), e))
p.(Macro.expand_once(quote(do: a or b), e))
p.(Macro.expand_once(quote(do: My.twice(3)), e))
p.(Macro.expand_once(quote(do: My.nested(3)), e))
p.(Macro.expand(quote(do: My.nested(3)), e))
IO.inspect(Macro.expand({:__aliases__, [], [:B, :C]}, e))
IO.inspect(Macro.expand({:__aliases__, [], [:String]}, e))
IO.inspect(Macro.expand(quote(do: __MODULE__), e))
p.(Macro.expand_once(quote(do: foo(1)), e))
p.(Macro.expand_once(quote(do: x + 1), e))
p.(Macro.expand_once(quote(do: to_string(x)), e))
p.(Macro.expand_once(quote(do: is_nil(x)), e))
