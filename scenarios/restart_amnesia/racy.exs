# The server is supervised: when it crashes, it is started again, with an empty list of subscribers. It says when it is
# up. The main process subscribes; somebody else makes the server crash; then the main process publishes, and if the
# server is down, it publishes again on the next one.
defmodule PubSub do
  use GenServer

  def start_link(owner), do: GenServer.start_link(__MODULE__, owner, name: __MODULE__)

  def subscribe, do: GenServer.call(__MODULE__, :subscribe, :infinity)

  # Returns to how many the message went.
  def publish(message) do
    GenServer.call(__MODULE__, {:publish, message}, :infinity)
  catch
    :exit, _down ->
      receive do: (:up -> publish(message))
  end

  def init(owner) do
    send(owner, :up)
    {:ok, []}
  end

  def handle_call(:subscribe, {pid, _tag}, subscribers), do: {:reply, :ok, [pid | subscribers]}

  def handle_call({:publish, message}, _from, subscribers) do
    for pid <- subscribers, do: send(pid, message)
    {:reply, length(subscribers), subscribers}
  end

  def handle_cast(:bug, _subscribers), do: exit(:bug)
end

{:ok, _} = Supervisor.start_link([{PubSub, self()}], strategy: :one_for_one)
receive do: (:up -> PubSub.subscribe())
spawn(fn -> GenServer.cast(PubSub, :bug) end)

IO.puts("subscribers reached: #{PubSub.publish(:news)}")
