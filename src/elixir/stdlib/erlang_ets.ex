defmodule :ets do
  # What goes through a whole table in many steps, with the code of others in between; all else is built in.

  def foldl(fun, acc, table), do: fold(fun, acc, table, :first, :next)
  def foldr(fun, acc, table), do: fold(fun, acc, table, :last, backwards(table))

  defp backwards(table) do
    if :ets.info(table, :type) == :ordered_set, do: :prev, else: :next
  end

  defp fold(fun, acc, table, start, step) do
    :ets.safe_fixtable(table, true)

    try do
      fold_from(:erlang.apply(:ets, start, [table]), fun, acc, table, step)
    after
      :ets.safe_fixtable(table, false)
    end
  end

  defp fold_from(:"$end_of_table", _fun, acc, _table, _step), do: acc

  defp fold_from(key, fun, acc, table, step) do
    acc = :lists.foldl(fun, acc, :ets.lookup(table, key))
    fold_from(:erlang.apply(:ets, step, [table, key]), fun, acc, table, step)
  end

  def is_compiled_ms(_specification), do: false

  def fun2ms(_fun) do
    exit(
      {:badarg,
       {:ets, :fun2ms,
        [
          :function,
          :called,
          :with,
          :real,
          :fun,
          :should,
          :be,
          :transformed,
          :with,
          :parse_transform,
          :or,
          :called,
          :with,
          :a,
          :fun,
          :generated,
          :in,
          :the,
          :shell
        ]}}
    )
  end
end
