# Lazy enumerables. A %Stream{} is an enumerable with stages that wrap the reducing function; what needs
# several elements for one (flat_map, zip, resources ...) is a function of two arguments, which Enumerable
# takes as well.

defmodule Stream do
  # funs: the stages, the latest first; each turns a reducer into a reducer. A stage with state finds it in
  # front of the accumulator: [state | acc]. accs: the initial states, of the latest stage first.
  defstruct enum: nil, funs: [], accs: [], done: nil

  defp stage(%Stream{funs: funs} = lazy, fun), do: %{lazy | funs: [fun | funs]}
  defp stage(enum, fun), do: %Stream{enum: enum, funs: [fun]}

  defp stage(%Stream{funs: funs, accs: accs} = lazy, state, fun),
    do: %{lazy | funs: [fun | funs], accs: [state | accs]}

  defp stage(enum, state, fun), do: %Stream{enum: enum, funs: [fun], accs: [state]}

  # Passes x on and puts the state back in front of the accumulator.
  defp pass(next, x, state, acc) do
    {tag, acc} = next.(x, acc)
    {tag, [state | acc]}
  end

  # -- one for one -----------------------------------------------------------------------------------

  def map(enum, fun) when is_function(fun, 1) do
    stage(enum, fn next -> fn x, acc -> next.(fun.(x), acc) end end)
  end

  def each(enum, fun) when is_function(fun, 1) do
    stage(enum, fn next ->
      fn x, acc ->
        fun.(x)
        next.(x, acc)
      end
    end)
  end

  def with_index(enum, offset \\ 0) when is_integer(offset) do
    stage(enum, offset, fn next -> fn x, [i | acc] -> pass(next, {x, i}, i + 1, acc) end end)
  end

  def map_every(enum, 1, fun), do: map(enum, fun)
  def map_every(enum, 0, _fun), do: %Stream{enum: enum}
  def map_every([], _nth, _fun), do: %Stream{enum: []}

  def map_every(enum, nth, fun) when is_integer(nth) and nth > 0 and is_function(fun, 1) do
    stage(enum, 1, fn next ->
      fn
        x, [1 | acc] -> pass(next, fun.(x), nth, acc)
        x, [left | acc] -> pass(next, x, left - 1, acc)
      end
    end)
  end

  def scan(enum, fun) when is_function(fun, 2) do
    stage(enum, :none, fn next ->
      fn
        x, [:none | acc] ->
          pass(next, x, {x}, acc)

        x, [{last} | acc] ->
          value = fun.(x, last)
          pass(next, value, {value}, acc)
      end
    end)
  end

  def scan(enum, acc, fun) when is_function(fun, 2) do
    stage(enum, acc, fn next ->
      fn x, [last | acc] ->
        value = fun.(x, last)
        pass(next, value, value, acc)
      end
    end)
  end

  # -- filters ---------------------------------------------------------------------------------------

  def filter(enum, fun) when is_function(fun, 1) do
    stage(enum, fn next -> fn x, acc -> if fun.(x), do: next.(x, acc), else: {:cont, acc} end end)
  end

  def reject(enum, fun) when is_function(fun, 1) do
    stage(enum, fn next -> fn x, acc -> if fun.(x), do: {:cont, acc}, else: next.(x, acc) end end)
  end

  def filter_map(enum, filter, mapper), do: enum |> filter(filter) |> map(mapper)

  def take(enum, count) when is_integer(count) do
    cond do
      count == 0 -> %Stream{enum: []}
      enum == [] -> %Stream{enum: []}
      count > 0 -> take_first(enum, count)
      true -> &Enumerable.reduce(Enum.take(enum, count), &1, &2)
    end
  end

  defp take_first(enum, count) do
    stage(enum, count, fn next ->
      fn
        x, [1 | acc] ->
          {_, acc} = next.(x, acc)
          {:halt, [0 | acc]}

        x, [left | acc] ->
          pass(next, x, left - 1, acc)
      end
    end)
  end

  def take_while(enum, fun) when is_function(fun, 1) do
    stage(enum, fn next -> fn x, acc -> if fun.(x), do: next.(x, acc), else: {:halt, acc} end end)
  end

  def take_every(_enum, 0), do: %Stream{enum: []}
  def take_every([], _nth), do: %Stream{enum: []}

  def take_every(enum, nth) when is_integer(nth) and nth > 0 do
    stage(enum, 1, fn next ->
      fn
        x, [1 | acc] -> pass(next, x, nth, acc)
        _, [left | acc] -> {:cont, [left - 1 | acc]}
      end
    end)
  end

  def drop(enum, count) when is_integer(count) and count >= 0 do
    stage(enum, count, fn next ->
      fn
        x, [0 | acc] -> pass(next, x, 0, acc)
        _, [left | acc] -> {:cont, [left - 1 | acc]}
      end
    end)
  end

  # Holds the last -count elements back.
  def drop(enum, count) when is_integer(count) do
    stage(enum, {-count, [], []}, fn next ->
      fn
        x, [{0, [], into} | acc] ->
          [first | out] = :lists.reverse(into)
          pass(next, first, {0, out, [x]}, acc)

        x, [{0, [first | out], into} | acc] ->
          pass(next, first, {0, out, [x | into]}, acc)

        x, [{left, out, into} | acc] ->
          {:cont, [{left - 1, out, [x | into]} | acc]}
      end
    end)
  end

  def drop_while(enum, fun) when is_function(fun, 1) do
    stage(enum, true, fn next ->
      fn x, [dropping | acc] ->
        if dropping && fun.(x), do: {:cont, [true | acc]}, else: pass(next, x, false, acc)
      end
    end)
  end

  def drop_every(enum, 0), do: %Stream{enum: enum}
  def drop_every([], _nth), do: %Stream{enum: []}

  def drop_every(enum, nth) when is_integer(nth) and nth > 0 do
    stage(enum, 1, fn next ->
      fn
        _, [1 | acc] -> {:cont, [nth | acc]}
        x, [left | acc] -> pass(next, x, left - 1, acc)
      end
    end)
  end

  def dedup(enum), do: dedup_by(enum, & &1)

  def dedup_by(enum, fun) when is_function(fun, 1) do
    stage(enum, nil, fn next ->
      fn x, [last | acc] ->
        case {fun.(x)} do
          ^last -> {:cont, [last | acc]}
          key -> pass(next, x, key, acc)
        end
      end
    end)
  end

  def uniq(enum), do: uniq_by(enum, & &1)
  def uniq(enum, fun), do: uniq_by(enum, fun)

  def uniq_by(enum, fun) when is_function(fun, 1) do
    stage(enum, %{}, fn next ->
      fn x, [seen | acc] ->
        key = fun.(x)

        case seen do
          %{^key => _} -> {:cont, [seen | acc]}
          _ -> pass(next, x, :maps.put(key, true, seen), acc)
        end
      end
    end)
  end

  # -- chunks ----------------------------------------------------------------------------------------

  def chunk(enum, count), do: chunk(enum, count, count, nil)
  def chunk(enum, count, step, leftover \\ nil)
  def chunk(enum, count, step, nil), do: chunk_every(enum, count, step, :discard)
  def chunk(enum, count, step, leftover), do: chunk_every(enum, count, step, leftover)

  def chunk_every(enum, count), do: chunk_every(enum, count, count, [])

  # The state is {chunk in reverse, its size}; a negative size says how many elements to skip first.
  def chunk_every(enum, count, step, leftover \\ [])
      when is_integer(count) and count > 0 and is_integer(step) and step > 0 do
    chunk_while(
      enum,
      {[], 0},
      fn
        _, {[], skip} when skip < 0 ->
          {:cont, {[], skip + 1}}

        x, {chunk, size} when size + 1 < count ->
          {:cont, {[x | chunk], size + 1}}

        x, {chunk, _} ->
          chunk = [x | chunk]
          keep = if step < count, do: Enum.take(chunk, count - step), else: []
          {:cont, :lists.reverse(chunk), {keep, count - step}}
      end,
      fn
        {[], _} -> {:cont, []}
        {_, _} when leftover == :discard -> {:cont, []}
        {chunk, size} -> {:cont, :lists.reverse(chunk, Enum.take(leftover, count - size)), []}
      end
    )
  end

  def chunk_by(enum, fun) when is_function(fun, 1) do
    chunk_while(
      enum,
      nil,
      fn
        x, nil ->
          {:cont, {[x], fun.(x)}}

        x, {chunk, value} ->
          case fun.(x) do
            ^value -> {:cont, {[x | chunk], value}}
            other -> {:cont, :lists.reverse(chunk), {[x], other}}
          end
      end,
      fn
        nil -> {:cont, nil}
        {chunk, _} -> {:cont, :lists.reverse(chunk), nil}
      end
    )
  end

  def chunk_while(enum, acc, chunk_fun, after_fun)
      when is_function(chunk_fun, 2) and is_function(after_fun, 1) do
    step = fn x, acc ->
      case chunk_fun.(x, acc) do
        {:cont, chunk, acc} -> {[chunk], acc}
        {:cont, acc} -> {[], acc}
        {:halt, acc} -> {:last, acc}
      end
    end

    last = fn acc ->
      case after_fun.(acc) do
        {:cont, acc} -> {[], acc}
        {:cont, chunk, acc} -> {[chunk], acc}
      end
    end

    transform(enum, fn -> acc end, step, last, fn _ -> :ok end)
  end

  # -- several for one -------------------------------------------------------------------------------

  def flat_map(enum, fun) when is_function(fun, 1), do: transform(enum, nil, fn x, nil -> {fun.(x), nil} end)

  def concat(enums), do: flat_map(enums, & &1)
  def concat(first, second), do: flat_map([first, second], & &1)

  def intersperse(enum, separator) do
    transform(enum, false, fn
      x, false -> {[x], true}
      x, true -> {[separator, x], true}
    end)
  end

  def transform(enum, acc, reducer) when is_function(reducer, 2),
    do: &start_transform(enum, fn -> acc end, {reducer, nil, nil, &2}, &1)

  def transform(enum, start_fun, reducer, after_fun)
      when is_function(start_fun, 0) and is_function(reducer, 2) and is_function(after_fun, 1),
      do: &start_transform(enum, start_fun, {reducer, nil, after_fun, &2}, &1)

  def transform(enum, start_fun, reducer, last_fun, after_fun)
      when is_function(start_fun, 0) and is_function(reducer, 2) and is_function(last_fun, 1) and
             is_function(after_fun, 1),
      do: &start_transform(enum, start_fun, {reducer, last_fun, after_fun, &2}, &1)

  # funs = {reducer, last_fun, after_fun, the consumer}; user: the accumulator of the reducer; source: the
  # suspended outer enumeration.
  defp start_transform(enum, start_fun, funs, acc), do: transform_next(funs, start_fun.(), source(enum), acc)

  defp transform_next(funs, user, source, {:suspend, acc}),
    do: {:suspended, acc, &transform_next(funs, user, source, &1)}

  defp transform_next(funs, user, source, {:halt, acc}) do
    close(source)
    transform_after(funs, user)
    {:halted, acc}
  end

  defp transform_next(funs, user, source, {:cont, acc}) do
    try do
      pull(source)
    catch
      kind, reason ->
        transform_after(funs, user)
        :erlang.raise(kind, reason, __STACKTRACE__)
    else
      {x, source} -> transform_element(funs, user, source, x, acc)
      :done -> transform_last(funs, user, acc)
    end
  end

  defp transform_element({reducer, _, _, _} = funs, user, source, x, acc) do
    try do
      reducer.(x, user)
    catch
      kind, reason ->
        close(source)
        transform_after(funs, user)
        :erlang.raise(kind, reason, __STACKTRACE__)
    else
      result -> transform_result(funs, source, result, acc)
    end
  end

  defp transform_result(funs, source, result, acc) do
    case result do
      {[], user} ->
        transform_next(funs, user, source, {:cont, acc})

      {:halt, user} ->
        transform_next(funs, user, source, {:halt, acc})

      # from chunk_while/4 only
      {:last, user} ->
        close(source)
        transform_last(funs, user, acc)

      {inner, user} ->
        transform_inner(funs, user, source, inner_reduce(inner, funs), {:cont, acc})
    end
  end

  # After the last element: what last_fun has to add.
  defp transform_last({_, nil, _, _} = funs, user, acc) do
    transform_after(funs, user)
    {:done, acc}
  end

  defp transform_last({reducer, last_fun, after_fun, fun} = funs, user, acc) do
    try do
      last_fun.(user)
    catch
      kind, reason ->
        transform_after(funs, user)
        :erlang.raise(kind, reason, __STACKTRACE__)
    else
      {[], user} ->
        transform_after(funs, user)
        {:done, acc}

      {:halt, user} ->
        transform_after(funs, user)
        {:halted, acc}

      {inner, user} ->
        funs = {reducer, nil, after_fun, fun}
        transform_inner(funs, user, [], inner_reduce(inner, funs), {:cont, acc})
    end
  end

  defp transform_after({_, _, nil, _}, _user), do: :ok
  defp transform_after({_, _, after_fun, _}, user), do: after_fun.(user)

  # In an inner enumeration the last answer of the consumer stands before the accumulator, since it may end
  # for reasons of its own.
  defp inner_reduce(inner, {_, _, _, fun}), do: inner_reduce(inner, fun)

  defp inner_reduce(inner, fun) do
    &Enumerable.reduce(inner, &1, fn x, [_ | acc] ->
      {tag, acc} = fun.(x, acc)
      {tag, [tag | acc]}
    end)
  end

  defp transform_inner(funs, user, source, inner, {tag, acc}) do
    try do
      inner.({tag, [tag | acc]})
    catch
      kind, reason ->
        close(source)
        transform_after(funs, user)
        :erlang.raise(kind, reason, __STACKTRACE__)
    else
      {:suspended, [_ | acc], inner} ->
        {:suspended, acc, &transform_inner(funs, user, source, inner, &1)}

      {_, [tag | acc]} ->
        transform_next(funs, user, source, {tag, acc})
    end
  end

  # -- pulling elements from an enumerable, one by one -----------------------------------------------

  defp source(list) when is_list(list), do: list
  defp source(enum), do: &Enumerable.reduce(enum, &1, fn x, _ -> {:suspend, [x]} end)

  defp pull([x | rest]), do: {x, rest}
  defp pull([]), do: :done

  defp pull(source) do
    case source.({:cont, []}) do
      {:suspended, [x], source} -> {x, source}
      {_, [x]} -> {x, []}
      {_, []} -> :done
    end
  end

  defp close(source) when is_function(source), do: source.({:halt, []})
  defp close(_list), do: :ok

  # -- several at once -------------------------------------------------------------------------------

  def zip(left, right), do: zip_with([left, right], &:erlang.list_to_tuple/1)
  def zip(enums), do: zip_with(enums, &:erlang.list_to_tuple/1)

  def zip_with(left, right, fun) when is_function(fun, 2),
    do: zip_with([left, right], fn [x, y] -> fun.(x, y) end)

  def zip_with(enums, fun) when is_function(fun, 1) do
    case Enum.to_list(enums) do
      [] -> fn acc, _ -> {:done, elem(acc, 1)} end
      enums -> &zip_next(Enum.map(enums, fn enum -> source(enum) end), fun, &2, &1)
    end
  end

  defp zip_next(sources, _zipper, _fun, {:halt, acc}) do
    Enum.each(sources, &close/1)
    {:halted, acc}
  end

  defp zip_next(sources, zipper, fun, {:suspend, acc}),
    do: {:suspended, acc, &zip_next(sources, zipper, fun, &1)}

  defp zip_next(sources, zipper, fun, {:cont, acc}) do
    case zip_pull(sources, [], []) do
      :done ->
        {:done, acc}

      {row, sources} ->
        try do
          fun.(zipper.(row), acc)
        catch
          kind, reason ->
            Enum.each(sources, &close/1)
            :erlang.raise(kind, reason, __STACKTRACE__)
        else
          acc -> zip_next(sources, zipper, fun, acc)
        end
    end
  end

  defp zip_pull([], row, pulled), do: {:lists.reverse(row), :lists.reverse(pulled)}

  defp zip_pull([source | rest], row, pulled) do
    try do
      pull(source)
    catch
      kind, reason ->
        Enum.each(:lists.reverse(pulled, rest), &close/1)
        :erlang.raise(kind, reason, __STACKTRACE__)
    else
      {x, source} ->
        zip_pull(rest, [x | row], [source | pulled])

      :done ->
        Enum.each(:lists.reverse(pulled, rest), &close/1)
        :done
    end
  end

  # -- sources ---------------------------------------------------------------------------------------

  def cycle([]), do: raise(ArgumentError, "cannot cycle over an empty enumerable")
  def cycle(enum), do: &cycle_start(enum, &2, &1)

  # In a round the last answer of the consumer stands before the accumulator; :none means no element so far.
  defp cycle_start(enum, fun, acc) do
    round = inner_reduce(enum, fun)
    cycle_round(round, round, :none, acc)
  end

  defp cycle_round(_rest, _round, _mark, {:halt, acc}), do: {:halted, acc}

  defp cycle_round(rest, round, mark, {:suspend, acc}),
    do: {:suspended, acc, &cycle_round(rest, round, mark, &1)}

  defp cycle_round(rest, round, mark, {:cont, acc}) do
    case rest.({:cont, [mark | acc]}) do
      {:suspended, [_ | acc], rest} -> {:suspended, acc, &cycle_resume(rest, round, &1)}
      {_, [:none | _]} -> raise ArgumentError, "cannot cycle over an empty enumerable"
      {_, [tag | acc]} -> cycle_round(round, round, :none, {tag, acc})
    end
  end

  defp cycle_resume(rest, _round, {:halt, acc}) do
    {_, [_ | acc]} = rest.({:halt, [:halt | acc]})
    {:halted, acc}
  end

  defp cycle_resume(rest, round, acc), do: cycle_round(rest, round, :cont, acc)

  def iterate(start, next) when is_function(next, 1) do
    unfold({:first, start}, fn
      {:first, x} ->
        {x, {:next, x}}

      {:next, x} ->
        x = next.(x)
        {x, {:next, x}}
    end)
  end

  def repeatedly(generator) when is_function(generator, 0), do: unfold(nil, fn nil -> {generator.(), nil} end)

  def duplicate(value, n) when is_integer(n) and n >= 0 do
    unfold(n, fn
      0 -> nil
      left -> {value, left - 1}
    end)
  end

  def interval(n) when is_integer(n) and n >= 0 do
    unfold(0, fn i ->
      Process.sleep(n)
      {i, i + 1}
    end)
  end

  def timer(n) when is_integer(n) and n >= 0 do
    n |> interval() |> take(1)
  end

  def unfold(acc, next) when is_function(next, 1), do: &unfold_next(acc, next, &1, &2)

  defp unfold_next(state, next, {:cont, acc}, fun) do
    case next.(state) do
      {x, state} -> unfold_next(state, next, fun.(x, acc), fun)
      nil -> {:done, acc}
    end
  end

  defp unfold_next(state, next, {:suspend, acc}, fun),
    do: {:suspended, acc, &unfold_next(state, next, &1, fun)}

  defp unfold_next(_state, _next, {:halt, acc}, _fun), do: {:halted, acc}

  def resource(start_fun, next_fun, after_fun)
      when is_function(start_fun, 0) and is_function(next_fun, 1) and is_function(after_fun, 1) do
    &resource_next({next_fun, after_fun, &2}, start_fun.(), &1)
  end

  defp resource_next(funs, state, {:suspend, acc}), do: {:suspended, acc, &resource_next(funs, state, &1)}

  defp resource_next({_, after_fun, _}, state, {:halt, acc}) do
    after_fun.(state)
    {:halted, acc}
  end

  defp resource_next({next_fun, after_fun, fun} = funs, state, {:cont, acc}) do
    try do
      next_fun.(state)
    catch
      kind, reason ->
        after_fun.(state)
        :erlang.raise(kind, reason, __STACKTRACE__)
    else
      {:halt, state} ->
        after_fun.(state)
        {:halted, acc}

      {[], state} ->
        resource_next(funs, state, {:cont, acc})

      {inner, state} ->
        resource_inner(funs, state, inner_reduce(inner, fun), {:cont, acc})
    end
  end

  defp resource_inner({_, after_fun, _} = funs, state, inner, {tag, acc}) do
    try do
      inner.({tag, [tag | acc]})
    catch
      kind, reason ->
        after_fun.(state)
        :erlang.raise(kind, reason, __STACKTRACE__)
    else
      {:suspended, [_ | acc], inner} -> {:suspended, acc, &resource_inner(funs, state, inner, &1)}
      {_, [tag | acc]} -> resource_next(funs, state, {tag, acc})
    end
  end

  # -- ends ------------------------------------------------------------------------------------------

  def run(enum) do
    Enumerable.reduce(enum, {:cont, nil}, fn _, _ -> {:cont, nil} end)
    :ok
  end

  def into(enum, collectable, transform \\ & &1) when is_function(transform, 1),
    do: &into_start(enum, collectable, transform, &1, &2)

  defp into_start(enum, collectable, transform, acc, fun) do
    {collected, collector} = Collectable.into(collectable)

    reduce =
      &Enumerable.reduce(enum, &1, fn x, [collected | acc] ->
        pass(fun, x, collector.(collected, {:cont, transform.(x)}), acc)
      end)

    into_next(reduce, collector, collected, acc)
  end

  defp into_next(reduce, collector, collected, {tag, acc}) do
    try do
      reduce.({tag, [collected | acc]})
    catch
      kind, reason ->
        collector.(collected, :halt)
        :erlang.raise(kind, reason, __STACKTRACE__)
    else
      {:suspended, [collected | acc], reduce} ->
        {:suspended, acc, &into_next(reduce, collector, collected, &1)}

      {tag, [collected | acc]} ->
        collector.(collected, :done)
        {tag, acc}
    end
  end

  defimpl Enumerable do
    def count(_lazy), do: {:error, __MODULE__}
    def member?(_lazy, _element), do: {:error, __MODULE__}
    def slice(_lazy), do: {:error, __MODULE__}

    def reduce(%{enum: enum, funs: funs, accs: accs}, acc, fun) do
      reducer = compose(funs, fun)
      go(&Enumerable.reduce(enum, &1, reducer), accs, acc)
    end

    defp compose([stage | stages], fun), do: compose(stages, stage.(fun))
    defp compose([], fun), do: fun

    defp go(reduce, states, {tag, acc}) do
      case reduce.({tag, wrap(states, acc)}) do
        {:suspended, acc, reduce} ->
          {states, acc} = unwrap(states, acc, [])
          {:suspended, acc, &go(reduce, states, &1)}

        {tag, acc} ->
          {tag, elem(unwrap(states, acc, []), 1)}
      end
    end

    # The state of the first stage comes to stand in front.
    defp wrap([state | states], acc), do: wrap(states, [state | acc])
    defp wrap([], acc), do: acc

    defp unwrap([_ | left], [state | acc], states), do: unwrap(left, acc, [state | states])
    defp unwrap([], acc, states), do: {states, acc}
  end
end
