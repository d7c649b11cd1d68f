defmodule Registry.Pattern do
  # Match specifications, as far as registries need them: patterns with :_ and :"$1", guards, result terms.

  def match?(pattern, guards, value) do
    case bind(pattern, value, %{:"$_" => value}) do
      {:ok, bound} -> holds?(guards, bound)
      :error -> false
    end
  end

  def select(_spec, []), do: []

  def select(spec, [entry | rest]) do
    case first(spec, entry) do
      {:ok, result} -> [result | select(spec, rest)]
      :error -> select(spec, rest)
    end
  end

  defp first([], _entry), do: :error

  defp first([{pattern, guards, body} | rest], entry) do
    {key, pid, value} = entry

    with {:ok, bound} <- bind(pattern, entry, %{:"$_" => {key, {pid, value}}}),
         true <- holds?(guards, bound) do
      {:ok, result(body, bound, nil)}
    else
      _ -> first(rest, entry)
    end
  end

  defp result([], _bound, last), do: last
  defp result([term | rest], bound, _last), do: result(rest, bound, value(term, bound))

  defp bind(:_, _value, bound), do: {:ok, bound}

  defp bind(pattern, value, bound) when is_atom(pattern) do
    if variable?(pattern) do
      case bound do
        %{^pattern => ^value} -> {:ok, bound}
        %{^pattern => _} -> :error
        _ -> {:ok, :maps.put(pattern, value, bound)}
      end
    else
      if pattern === value, do: {:ok, bound}, else: :error
    end
  end

  defp bind([head | tail], [value | values], bound) do
    with {:ok, bound} <- bind(head, value, bound), do: bind(tail, values, bound)
  end

  defp bind(pattern, value, bound) when is_tuple(pattern) and tuple_size(pattern) == tuple_size(value) do
    bind(:erlang.tuple_to_list(pattern), :erlang.tuple_to_list(value), bound)
  end

  defp bind(pattern, value, bound) when is_map(pattern) and is_map(value) do
    bind_map(:maps.to_list(pattern), value, bound)
  end

  defp bind(same, same, bound), do: {:ok, bound}
  defp bind(_pattern, _value, _bound), do: :error

  defp bind_map([], _map, bound), do: {:ok, bound}

  defp bind_map([{key, pattern} | rest], map, bound) do
    case map do
      %{^key => value} -> with {:ok, bound} <- bind(pattern, value, bound), do: bind_map(rest, map, bound)
      _ -> :error
    end
  end

  defp variable?(atom) do
    case :erlang.atom_to_list(atom) do
      [?$ | [_ | _] = digits] -> digits?(digits)
      _ -> false
    end
  end

  defp digits?([]), do: true
  defp digits?([digit | rest]), do: digit in ?0..?9 and digits?(rest)

  defp holds?([], _bound), do: true

  # A guard that fails to compute is false.
  defp holds?([guard | rest], bound) do
    value(guard, bound) === true and holds?(rest, bound)
  rescue
    _ -> false
  end

  defp value(:"$$", bound),
    do: for({key, value} <- :lists.sort(:maps.to_list(bound)), key != :"$_", do: value)

  defp value(atom, bound) when is_atom(atom) do
    case bound do
      %{^atom => value} -> value
      _ -> atom
    end
  end

  defp value({{}}, _bound), do: {}

  defp value({tuple}, bound) when is_tuple(tuple),
    do: :erlang.list_to_tuple(value(:erlang.tuple_to_list(tuple), bound))

  defp value({:const, term}, _bound), do: term
  defp value({:self}, _bound), do: self()
  defp value({:andalso, left, right}, bound), do: value(left, bound) === true and value(right, bound) === true
  defp value({:orelse, left, right}, bound), do: value(left, bound) === true or value(right, bound) === true

  defp value(call, bound) when is_tuple(call) do
    [function | args] = :erlang.tuple_to_list(call)
    compute(function, value(args, bound))
  end

  defp value([head | tail], bound), do: [value(head, bound) | value(tail, bound)]

  defp value(map, bound) when is_map(map) do
    :maps.from_list(for {key, term} <- :maps.to_list(map), do: {key, value(term, bound)})
  end

  defp value(term, _bound), do: term

  defp compute(:and, [a, b]), do: a and b
  defp compute(:or, [a, b]), do: a or b

  defp compute(function, args) when function in [:not, :==, :"/=", :"=:=", :"=/=", :<, :"=<", :>, :>=],
    do: call(function, args)

  defp compute(function, args) when function in [:+, :-, :*, :/, :div, :rem, :abs, :hd, :tl, :length],
    do: call(function, args)

  defp compute(function, args)
       when function in [:element, :map_size, :map_get, :is_map_key, :size, :node, :round, :trunc],
       do: call(function, args)

  defp compute(function, args)
       when function in [
              :is_atom,
              :is_binary,
              :is_boolean,
              :is_float,
              :is_function,
              :is_integer,
              :is_list,
              :is_map
            ] do
    call(function, args)
  end

  defp compute(function, args) when function in [:is_number, :is_pid, :is_reference, :is_tuple],
    do: call(function, args)

  defp call(function, args), do: apply(:erlang, function, args)
end
