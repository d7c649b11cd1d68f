# Every job has a reference of its own, which comes back with its result. A result that comes too late fits no later
# job.
defmodule Pool do
  def start(limit), do: spawn(fn -> loop(limit) end)

  def run(pool, job, patience) do
    reference = make_ref()
    send(pool, {:run, job, self(), reference})

    receive do
      {^reference, result} -> {:ok, result}
    after
      patience -> :timeout
    end
  end

  # While no worker is free, jobs stay in the mailbox.
  defp loop(free) do
    receive do
      {:run, job, client, reference} when free > 0 ->
        pool = self()

        spawn(fn ->
          Process.sleep(100)
          send(client, {reference, String.upcase(job)})
          send(pool, :free)
        end)

        loop(free - 1)

      :free ->
        loop(free + 1)
    end
  end
end

pool = Pool.start(1)

for {job, patience} <- [{"first", 100}, {"second", :infinity}] do
  case Pool.run(pool, job, patience) do
    {:ok, result} -> IO.puts("#{job}: #{result}")
    :timeout -> IO.puts("#{job}: gave up")
  end
end
