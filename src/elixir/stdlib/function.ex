# Operations on functions.

defmodule Function do
  def identity(value), do: value

  def capture(module, name, arity) when is_atom(module) and is_atom(name) and arity in 0..255,
    do: :erlang.make_fun(module, name, arity)

  def info(fun) when is_function(fun), do: :erlang.fun_info(fun)
  def info(fun, item) when is_function(fun), do: :erlang.fun_info(fun, item)
end
