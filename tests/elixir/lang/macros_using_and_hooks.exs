defmodule V do
  defmacro __using__(_) do
    quote do
      import V
      Module.register_attribute __MODULE__, :validations, accumulate: true
      @before_compile V
    end
  end
  defmacro validate(field, do: block) do
    fun = :"validate_#{field}"
    quote do
      @validations {unquote(field), unquote(fun)}
      def unquote(fun)(var!(value)), do: unquote(block)
    end
  end
  defmacro __before_compile__(env) do
    vs = Module.get_attribute(env.module, :validations)
    quote do
      def validations, do: unquote(Macro.escape(vs))
      def run_all(m) do
        for {f, fun} <- validations(), do: {f, apply(__MODULE__, fun, [Map.get(m, f)])}
      end
    end
  end
end
defmodule U do
  use V
  validate :name do
    is_binary(value)
  end
  validate :age do
    value > 18
  end
end
IO.inspect U.validations
IO.inspect U.run_all(%{name: "x", age: 3})
defmodule Loop do
  defmacro while(cond, do: block) do
    quote do
      try do
        for _ <- Stream.cycle([:ok]) do
          if unquote(cond), do: unquote(block), else: throw :break
        end
      catch
        :break -> :ok
      end
    end
  end
  defmacro swap(a, b) do
    quote do
      {unquote(a), unquote(b)} = {unquote(b), unquote(a)}
    end
  end
  defmacro my_if(c, clauses) do
    d = Keyword.get(clauses, :do)
    e = Keyword.get(clauses, :else)
    quote do
      case unquote(c) do
        x when x in [false, nil] -> unquote(e)
        _ -> unquote(d)
      end
    end
  end
  defmacro log(expr) do
    if Application.get_env(:nope, :x) do
      quote do: IO.puts("nope")
    else
      quote do
        r = unquote(expr)
        IO.puts "#{unquote(Macro.to_string(expr))} -> #{inspect r}"
        r
      end
    end
  end
  defmacro times(n, do: b), do: quote(do: Enum.each(1..unquote(n), fn _ -> unquote(b) end))
  defmacrop priv(x), do: quote(do: unquote(x) + 1)
  def usepriv(y), do: priv(y)
  defmacro caller_mod, do: quote(do: unquote(__CALLER__.module))
  defmacro line, do: __CALLER__.line
end
defmodule UseLoop do
  import Loop
  def run do
    {a, b} = {1, 2}
    swap(a, b)
    IO.inspect {a, b}
    IO.inspect my_if(1 > 2, do: :yes, else: :no)
    log 1 + 2
    log Enum.map([1], & &1)
    times 2 do
      IO.puts "x"
    end
    IO.inspect Loop.usepriv(1)
    IO.inspect caller_mod()
    IO.inspect line()
    pid = self()
    Process.put(:n, 0)
    while Process.get(:n) < 3 do
      Process.put(:n, Process.get(:n) + 1)
    end
    IO.inspect Process.get(:n)
    pid
  end
end
UseLoop.run
