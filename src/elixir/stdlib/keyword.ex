# Keyword lists: lists of {atom, value}, in order, keys may repeat.

defmodule Keyword do
  def keyword?([{key, _} | rest]) when is_atom(key), do: keyword?(rest)
  def keyword?([]), do: true
  def keyword?(_other), do: false

  def new, do: []
  def new(pairs), do: pairs |> Enum.reverse() |> collect([])

  def new(pairs, transform) when is_function(transform, 1),
    do: pairs |> Enum.map(transform) |> :lists.reverse() |> collect([])

  # From the last pair to the first: the last one of a key stays.
  defp collect([pair | rest], acc) do
    {key, value} = pair
    collect(rest, put_new(acc, key, value))
  end

  defp collect([], acc), do: acc

  def from_keys(keys, value) when is_list(keys), do: for(key <- keys, do: {key, value})

  def keys(list) when is_list(list), do: keys_of(list)

  defp keys_of([{key, _} | rest]) when is_atom(key), do: [key | keys_of(rest)]
  defp keys_of([]), do: []

  defp keys_of([entry | _]) do
    raise ArgumentError,
          "expected a keyword list, but an entry in the list is not a two-element tuple " <>
            "with an atom as its first element, got: #{inspect(entry)}"
  end

  def values(list) when is_list(list), do: Enum.map(list, fn {_, value} -> value end)

  def to_list(list) when is_list(list), do: list
  def size(list), do: length(list)

  def has_key?(list, key) when is_list(list) and is_atom(key), do: :lists.keymember(key, 1, list)

  def get(list, key, default \\ nil) when is_list(list) and is_atom(key) do
    case :lists.keyfind(key, 1, list) do
      {_, value} -> value
      false -> default
    end
  end

  def get_lazy(list, key, fun) when is_list(list) and is_atom(key) and is_function(fun, 0) do
    case :lists.keyfind(key, 1, list) do
      {_, value} -> value
      false -> fun.()
    end
  end

  def fetch(list, key) when is_list(list) and is_atom(key) do
    case :lists.keyfind(key, 1, list) do
      {_, value} -> {:ok, value}
      false -> :error
    end
  end

  def fetch!(list, key) when is_list(list) and is_atom(key) do
    case :lists.keyfind(key, 1, list) do
      {_, value} -> value
      false -> raise KeyError, key: key, term: list
    end
  end

  def get_values(list, key) when is_list(list) and is_atom(key), do: values_at(list, key)

  defp values_at([{key, value} | rest], key), do: [value | values_at(rest, key)]
  defp values_at([_ | rest], key), do: values_at(rest, key)
  defp values_at([], _key), do: []

  def put(list, key, value) when is_list(list) and is_atom(key), do: [{key, value} | delete(list, key)]

  def put_new(list, key, value) when is_list(list) and is_atom(key),
    do: if(:lists.keymember(key, 1, list), do: list, else: [{key, value} | list])

  def put_new_lazy(list, key, fun) when is_list(list) and is_atom(key) and is_function(fun, 0),
    do: if(:lists.keymember(key, 1, list), do: list, else: [{key, fun.()} | list])

  def replace(list, key, value) when is_list(list) and is_atom(key),
    do: replace_first(list, key, fn _ -> value end)

  def replace!(list, key, value) when is_list(list) and is_atom(key) do
    fetch!(list, key)
    replace(list, key, value)
  end

  def replace_lazy(list, key, fun) when is_list(list) and is_atom(key) and is_function(fun, 1),
    do: replace_first(list, key, fun)

  defp replace_first([{key, value} | rest], key, fun), do: [{key, fun.(value)} | delete(rest, key)]
  defp replace_first([pair | rest], key, fun), do: [pair | replace_first(rest, key, fun)]
  defp replace_first([], _key, _fun), do: []

  def update(list, key, default, fun) when is_list(list) and is_atom(key) and is_function(fun, 1) do
    if :lists.keymember(key, 1, list), do: replace_first(list, key, fun), else: list ++ [{key, default}]
  end

  def update!(list, key, fun) when is_list(list) and is_atom(key) and is_function(fun, 1) do
    fetch!(list, key)
    replace_first(list, key, fun)
  end

  def get_and_update(list, key, fun) when is_list(list) and is_atom(key),
    do: exchange(list, key, get(list, key), fun)

  def get_and_update!(list, key, fun) when is_list(list) and is_atom(key),
    do: exchange(list, key, fetch!(list, key), fun)

  defp exchange(list, key, current, fun) do
    case fun.(current) do
      {answer, value} ->
        if :lists.keymember(key, 1, list),
          do: {answer, :lists.keyreplace(key, 1, list, {key, value})},
          else: {answer, [{key, value} | list]}

      :pop ->
        {current, :lists.keydelete(key, 1, list)}

      other ->
        raise "the given function must return a two-element tuple or :pop, got: #{inspect(other)}"
    end
  end

  def delete(list, key) when is_list(list) and is_atom(key) do
    if :lists.keymember(key, 1, list), do: delete_all(list, key), else: list
  end

  def delete(list, key, value) when is_list(list) and is_atom(key), do: delete_pair(list, key, value)

  defp delete_all([{key, _} | rest], key), do: delete_all(rest, key)
  defp delete_all([pair | rest], key), do: [pair | delete_all(rest, key)]
  defp delete_all([], _key), do: []

  defp delete_pair([{key, value} | rest], key, value), do: delete_pair(rest, key, value)
  defp delete_pair([pair | rest], key, value), do: [pair | delete_pair(rest, key, value)]
  defp delete_pair([], _key, _value), do: []

  def delete_first(list, key) when is_list(list) and is_atom(key), do: :lists.keydelete(key, 1, list)

  def pop(list, key, default \\ nil) when is_list(list) and is_atom(key) do
    case :lists.keyfind(key, 1, list) do
      {_, value} -> {value, delete_all(list, key)}
      false -> {default, list}
    end
  end

  def pop!(list, key) when is_list(list) and is_atom(key), do: {fetch!(list, key), delete_all(list, key)}

  def pop_lazy(list, key, fun) when is_list(list) and is_atom(key) and is_function(fun, 0) do
    case :lists.keyfind(key, 1, list) do
      {_, value} -> {value, delete_all(list, key)}
      false -> {fun.(), list}
    end
  end

  def pop_first(list, key, default \\ nil) when is_list(list) and is_atom(key) do
    case :lists.keytake(key, 1, list) do
      {:value, {_, value}, rest} -> {value, rest}
      false -> {default, list}
    end
  end

  def pop_values(list, key) when is_list(list) and is_atom(key), do: {values_at(list, key), delete(list, key)}

  def take(list, keys) when is_list(list) and is_list(keys),
    do: Enum.filter(list, fn {key, _} -> :lists.member(key, keys) end)

  def drop(list, keys) when is_list(list) and is_list(keys),
    do: Enum.reject(list, fn {key, _} -> :lists.member(key, keys) end)

  def split(list, keys) when is_list(list) and is_list(keys),
    do: Enum.split_with(list, fn {key, _} -> :lists.member(key, keys) end)

  def merge(left, []) when is_list(left), do: left
  def merge([], right) when is_list(right), do: right

  def merge(left, right) when is_list(left) and is_list(right) do
    if not keyword?(left), do: not_keyword("first", left)
    if not keyword?(right), do: not_keyword("second", right)
    Enum.reject(left, fn {key, _} -> :lists.keymember(key, 1, right) end) ++ right
  end

  def merge(left, right, fun) when is_list(left) and is_list(right) and is_function(fun, 3) do
    if not keyword?(left), do: not_keyword("first", left)
    if not keyword?(right), do: not_keyword("second", right)
    merge_all(right, [], left, left, fun)
  end

  # The n-th pair of a key on the right meets the n-th pair of this key on the left.
  defp merge_all([{key, new} | rest], acc, kept, left, fun) do
    case :lists.keyfind(key, 1, left) do
      {_, old} ->
        left = :lists.keydelete(key, 1, left)
        merge_all(rest, [{key, fun.(key, old, new)} | acc], delete(kept, key), left, fun)

      false ->
        merge_all(rest, [{key, new} | acc], kept, left, fun)
    end
  end

  defp merge_all([], acc, kept, _left, _fun), do: kept ++ :lists.reverse(acc)

  defp not_keyword(place, list) do
    raise ArgumentError, "expected a keyword list as the #{place} argument, got: #{inspect(list)}"
  end

  def equal?(left, right) when is_list(left) and is_list(right), do: :lists.sort(left) === :lists.sort(right)

  def filter(list, fun) when is_list(list) and is_function(fun, 1), do: Enum.filter(list, fun)
  def reject(list, fun) when is_list(list) and is_function(fun, 1), do: Enum.reject(list, fun)

  def map(list, fun) when is_list(list) and is_function(fun, 1),
    do: Enum.map(list, fn {key, _} = pair -> {key, fun.(pair)} end)

  def validate(list, allowed) when is_list(list) and is_list(allowed), do: check(list, allowed, [], [])

  def validate!(list, allowed) do
    case validate(list, allowed) do
      {:ok, list} ->
        list

      {:error, keys} ->
        names = Enum.map(allowed, fn item -> if is_tuple(item), do: elem(item, 0), else: item end)

        message =
          case Enum.reject(keys, &:lists.member(&1, names)) do
            [] -> "duplicate keys #{inspect(keys)} in #{inspect(list)}"
            unknown -> unknown_keys(:lists.reverse(unknown), list, names)
          end

        raise ArgumentError, message
    end
  end

  defp unknown_keys(unknown, list, names),
    do: "unknown keys #{inspect(unknown)} in #{inspect(list)}, the allowed keys are: #{inspect(names)}"

  defp check([{key, _} = pair | rest], allowed, kept, wrong) when is_atom(key) do
    case take_allowed(allowed, key, []) do
      nil -> check(rest, allowed, kept, [key | wrong])
      allowed -> check(rest, allowed, [pair | kept], wrong)
    end
  end

  defp check([], allowed, kept, []), do: {:ok, defaults(allowed, kept)}
  defp check([], _allowed, _kept, wrong), do: {:error, wrong}

  defp check([other | _], _allowed, _kept, _wrong) do
    raise ArgumentError, "expected a keyword list as first argument, got invalid entry: #{inspect(other)}"
  end

  defp take_allowed([key | rest], key, seen), do: :lists.reverse(seen, rest)
  defp take_allowed([{key, _} | rest], key, seen), do: :lists.reverse(seen, rest)
  defp take_allowed([other | rest], key, seen), do: take_allowed(rest, key, [other | seen])
  defp take_allowed([], _key, _seen), do: nil

  defp defaults([{key, _} = pair | rest], kept) when is_atom(key), do: defaults(rest, [pair | kept])
  defp defaults([key | rest], kept) when is_atom(key), do: defaults(rest, kept)
  defp defaults([], kept), do: kept

  defp defaults([other | _], _kept) do
    raise ArgumentError,
          "expected the second argument to be a list of atoms or tuples, got: #{inspect(other)}"
  end
end
