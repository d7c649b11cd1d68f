defmodule R do
  def reason(fun) do
    {pid, ref} = spawn_monitor(fun)
    receive do {:DOWN, ^ref, :process, ^pid, why} -> show(why) end
  end
  def linked(fun) do
    Process.flag(:trap_exit, true)
    pid = spawn_link(fun)
    receive do {:EXIT, ^pid, why} -> show(why) end
  end
  def show({reason, [{_, _, _, _} | _]}), do: {:with_stack, reason}
  def show(other), do: other
  def f(1), do: 1
  def all(how) do
    for {n, fun} <- [
      normal: fn -> :ok end,
      raise: fn -> raise "boom" end,
      arg: fn -> raise ArgumentError, "bad" end,
      arith: fn -> 1 / String.to_integer("0") end,
      match: fn -> {:ok, _} = List.first([:error]) end,
      case: fn -> case List.first([3]) do 1 -> 2 end end,
      cond: fn -> cond do List.first([]) -> 2 end end,
      fun: fn -> R.f(List.first([2])) end,
      undef: fn -> apply(R, :nope, [1]) end,
      undefm: fn -> apply(Nope, :nope, []) end,
      throw: fn -> throw :ball end,
      exit: fn -> exit(:bye) end,
      exitn: fn -> exit(:normal) end,
      exits: fn -> exit(:shutdown) end,
      exitt: fn -> exit({:shutdown, 3}) end,
      key: fn -> Map.fetch!(%{a: 1}, :b) end,
      dot: fn -> %{a: 1}.b end,
      upd: fn -> %{%{a: 1} | b: 2} end,
      badfun: fn -> List.first([1]).(2) end,
      el: fn -> elem({1}, List.first([3])) end,
      hd: fn -> hd(List.first([[]])) end,
      int: fn -> String.to_integer("x") end,
      err: fn -> :erlang.error(:custom) end,
      with: fn -> with {:ok, x} <- List.first([:a]) do x else :b -> 2 end end,
      if: fn -> if List.first([1]) and true, do: 1 end,
      kill: fn -> Process.exit(self(), :kill) end,
      selfexit: fn -> Process.exit(self(), :normal); Process.sleep(10); 1 end,
      call: fn -> GenServer.call(:no_such, :x) end,
      enum: fn -> Enum.fetch!([1], 3) end,
      proto: fn -> Enum.map(1, & &1) end,
      str: fn -> to_string({1}) end,
      atom: fn -> :foo.bar() end,
      fetch: fn -> Keyword.fetch!([a: 1], :b) end,
      struct: fn -> struct!(URI, nope: 1) end,
      bin: fn -> "a" <> List.first([1]) end,
    ] do
      IO.puts("#{n}: #{inspect(apply(R, how, [fun]), limit: :infinity)}")
    end
  end
end
R.all(:reason)
R.all(:linked)
