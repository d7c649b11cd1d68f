defmodule :supervisor do
  # Erlang's names for Supervisor.

  def start_link(module, arg), do: Supervisor.start_link(module, arg, [])
  def start_link({:local, name}, module, arg), do: Supervisor.start_link(module, arg, name: name)
  def start_link(name, module, arg), do: Supervisor.start_link(module, arg, name: name)

  def start_child(supervisor, spec), do: GenServer.call(supervisor, {:start_child, spec}, :infinity)
  def terminate_child(supervisor, id), do: GenServer.call(supervisor, {:terminate_child, id}, :infinity)
  def delete_child(supervisor, id), do: GenServer.call(supervisor, {:delete_child, id}, :infinity)
  def restart_child(supervisor, id), do: GenServer.call(supervisor, {:restart_child, id}, :infinity)
  def which_children(supervisor), do: GenServer.call(supervisor, :which_children, :infinity)
  def count_children(supervisor), do: GenServer.call(supervisor, :count_children, :infinity)
end
