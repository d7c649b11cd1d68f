defmodule Application do
  # The environment of applications, kept by a process that the first `put_env` starts. There are no applications to start
  # here but those that every program has.

  defmacro __using__(_opts) do
    quote do
      @behaviour Application

      def stop(_state), do: :ok

      defoverridable stop: 1
    end
  end

  @present [:kernel, :stdlib, :compiler, :elixir, :logger, :ex_unit, :crypto, :sasl, :runtime_tools]

  def get_env(app, key, default \\ nil) do
    case fetch_env(app, key) do
      {:ok, value} -> value
      :error -> default
    end
  end

  def fetch_env(app, key), do: :maps.find({app, key}, environment())

  def fetch_env!(app, key) when is_atom(app) do
    case fetch_env(app, key) do
      {:ok, value} ->
        value

      :error ->
        raise ArgumentError,
              "could not fetch application environment #{inspect(key)} for application #{inspect(app)} because " <>
                if(app in @present,
                  do: "configuration at #{inspect(key)} was not set",
                  else: "the application was not loaded nor configured"
                )
    end
  end

  def compile_env(app, key, default \\ nil), do: get_env(app, key, default)
  def compile_env!(app, key), do: fetch_env!(app, key)
  def get_all_env(app), do: for({{^app, key}, value} <- :maps.to_list(environment()), do: {key, value})

  def put_env(app, key, value, _options \\ []) when is_atom(app), do: change({:put, {app, key}, value})
  def delete_env(app, key, _options \\ []) when is_atom(app), do: change({:delete, {app, key}})

  def put_all_env(config, _options \\ []) do
    for {app, pairs} <- config, {key, value} <- pairs, do: put_env(app, key, value)
    :ok
  end

  defp environment do
    case :erlang.whereis(Application) do
      :undefined -> %{}
      pid -> ask(pid, :get)
    end
  end

  defp change(change) do
    case :erlang.whereis(Application) do
      :undefined ->
        starter = self()

        # Of two that start it at once, one finds the name taken and the other's process is asked.
        {pid, ref} =
          :erlang.spawn_monitor(fn ->
            try do
              :erlang.register(Application, self())
            rescue
              ArgumentError -> exit(:normal)
            end

            send(starter, {self(), :started})
            keep(%{})
          end)

        receive do
          {^pid, :started} -> :erlang.demonitor(ref, [:flush])
          {:DOWN, ^ref, _, _, _} -> :ok
        end

        change(change)

      pid ->
        ask(pid, change)
    end
  end

  defp ask(pid, request) do
    ref = make_ref()
    send(pid, {self(), ref, request})

    receive do
      {^ref, reply} -> reply
    end
  end

  defp keep(environment) do
    receive do
      {from, ref, :get} ->
        send(from, {ref, environment})
        keep(environment)

      {from, ref, {:put, key, value}} ->
        send(from, {ref, :ok})
        keep(:maps.put(key, value, environment))

      {from, ref, {:delete, key}} ->
        send(from, {ref, :ok})
        keep(:maps.remove(key, environment))
    end
  end

  def ensure_all_started(app, _type \\ :temporary)
  def ensure_all_started(app, _type) when app in @present, do: {:ok, []}
  def ensure_all_started(app, _type) when is_atom(app), do: {:error, {app, missing(app)}}

  def ensure_started(app, _type \\ :temporary)
  def ensure_started(app, _type) when app in @present, do: :ok
  def ensure_started(app, _type) when is_atom(app), do: {:error, missing(app)}

  def ensure_loaded(app) when app in @present, do: :ok
  def ensure_loaded(app) when is_atom(app), do: {:error, missing(app)}
  def load(app) when app in @present, do: {:error, {:already_loaded, app}}
  def load(app) when is_atom(app), do: {:error, missing(app)}

  def start(app, _type \\ :temporary)
  def start(app, _type) when app in @present, do: {:error, {:already_started, app}}
  def start(app, _type) when is_atom(app), do: {:error, missing(app)}

  def stop(app) when is_atom(app), do: {:error, {:not_started, app}}

  def get_application(_module), do: nil
  def spec(_app), do: nil
  def spec(_app, _key), do: nil

  defp missing(app) do
    {'no such file or directory', :erlang.atom_to_list(app) ++ '.app'}
  end
end
