# Key-value stores: the operations of maps.

defmodule Map do
  def new, do: %{}
  def new(%_{} = enumerable), do: :maps.from_list(Enum.to_list(enumerable))
  def new(%{} = map), do: map
  def new(list) when is_list(list), do: :maps.from_list(list)
  def new(enumerable), do: :maps.from_list(Enum.to_list(enumerable))

  def new(enumerable, transform), do: new_from_enum(enumerable, transform)

  defp new_from_enum(enumerable, transform) when is_function(transform, 1),
    do: :maps.from_list(Enum.map(enumerable, transform))

  def from_keys(keys, value), do: :maps.from_keys(keys, value)

  def from_struct(module) when is_atom(module), do: :maps.remove(:__struct__, module.__struct__())
  def from_struct(%_{} = struct), do: :maps.remove(:__struct__, struct)

  def keys(map), do: :maps.keys(map)
  def values(map), do: :maps.values(map)
  def to_list(map), do: :maps.to_list(map)
  def size(map), do: map_size(map)
  def has_key?(map, key), do: :maps.is_key(key, map)

  def fetch(map, key), do: :maps.find(key, map)

  def fetch!(map, key), do: :erlang.map_get(key, map)

  def get(map, key, default \\ nil) do
    case map do
      %{^key => value} -> value
      %{} -> default
      _ -> :erlang.error({:badmap, map}, [map, key, default])
    end
  end

  def get_lazy(map, key, fun) when is_function(fun, 0) do
    case map do
      %{^key => value} -> value
      %{} -> fun.()
      _ -> bad(map)
    end
  end

  def put(map, key, value), do: :maps.put(key, value, map)

  def put_new(map, key, value) do
    case map do
      %{^key => _} -> map
      %{} -> :maps.put(key, value, map)
      _ -> bad(map)
    end
  end

  def put_new_lazy(map, key, fun) when is_function(fun, 0) do
    case map do
      %{^key => _} -> map
      %{} -> :maps.put(key, fun.(), map)
      _ -> bad(map)
    end
  end

  def replace(map, key, value) do
    case map do
      %{^key => _} -> %{map | key => value}
      %{} -> map
      _ -> bad(map)
    end
  end

  def replace!(map, key, value), do: :maps.update(key, value, map)

  def replace_lazy(map, key, fun) when is_map(map) and is_function(fun, 1) do
    case map do
      %{^key => value} -> %{map | key => fun.(value)}
      _ -> map
    end
  end

  def update(map, key, default, fun) when is_function(fun, 1) do
    case map do
      %{^key => value} -> %{map | key => fun.(value)}
      %{} -> :maps.put(key, default, map)
      _ -> bad(map)
    end
  end

  def update!(map, key, fun) when is_function(fun, 1),
    do: :maps.put(key, fun.(:erlang.map_get(key, map)), map)

  def get_and_update(map, key, fun) when is_function(fun, 1), do: exchange(map, key, get(map, key), fun)

  def get_and_update!(map, key, fun) when is_function(fun, 1),
    do: exchange(map, key, :erlang.map_get(key, map), fun)

  defp exchange(map, key, current, fun) do
    case fun.(current) do
      {answer, value} -> {answer, :maps.put(key, value, map)}
      :pop -> {current, :maps.remove(key, map)}
      other -> raise "the given function must return a two-element tuple or :pop, got: #{inspect(other)}"
    end
  end

  def delete(map, key), do: :maps.remove(key, map)

  def pop(map, key, default \\ nil) do
    case map do
      %{^key => value} -> {value, :maps.remove(key, map)}
      %{} -> {default, map}
      _ -> bad(map)
    end
  end

  def pop!(map, key) do
    case map do
      %{^key => value} -> {value, :maps.remove(key, map)}
      %{} -> raise KeyError, key: key, term: map
      _ -> bad(map)
    end
  end

  def pop_lazy(map, key, fun) when is_function(fun, 0) do
    case map do
      %{^key => value} -> {value, :maps.remove(key, map)}
      %{} -> {fun.(), map}
      _ -> bad(map)
    end
  end

  def take(map, keys)
  def take(map, keys) when is_map(map), do: :maps.with(Enum.to_list(keys), map)
  def take(map, _keys), do: bad(map)

  def drop(map, keys)
  def drop(map, keys) when is_map(map), do: :maps.without(Enum.to_list(keys), map)
  def drop(map, _keys), do: bad(map)

  def split(map, keys)

  def split(map, keys) when is_map(map) do
    keys = Enum.to_list(keys)
    {:maps.with(keys, map), :maps.without(keys, map)}
  end

  def split(map, _keys), do: bad(map)

  def merge(left, right), do: :maps.merge(left, right)

  def merge(left, right, fun) when is_function(fun, 3) and is_map(left) and is_map(right),
    do: merge_pairs(:maps.to_list(right), left, fun)

  def merge(left, right, fun) when is_function(fun, 3), do: bad(if(is_map(left), do: right, else: left))

  defp merge_pairs([{key, value} | rest], map, fun) do
    case map do
      %{^key => old} -> merge_pairs(rest, %{map | key => fun.(key, old, value)}, fun)
      _ -> merge_pairs(rest, :maps.put(key, value, map), fun)
    end
  end

  defp merge_pairs([], map, _fun), do: map

  def equal?(%{} = left, %{} = right), do: left === right
  def equal?(%{}, right), do: bad(right)
  def equal?(left, _right), do: bad(left)

  def filter(map, fun) when is_map(map), do: :maps.from_list(Enum.filter(:maps.to_list(map), fun))
  def reject(map, fun) when is_map(map), do: :maps.from_list(Enum.reject(:maps.to_list(map), fun))

  def map(map, fun) when is_map(map),
    do: :maps.from_list(for({key, _} = pair <- :maps.to_list(map), do: {key, fun.(pair)}))

  defp bad(term), do: :erlang.error({:badmap, term})
end
