# Modules by name, and what a module's body can know and change of itself while it is compiled.
defmodule Module do
  def concat(list) when is_list(list) do
    case Enum.reject(list, &(&1 == nil)) do
      [] -> Elixir
      parts -> String.to_atom("Elixir." <> Enum.map_join(parts, ".", &part/1))
    end
  end

  def concat(left, right), do: concat([left, right])

  def safe_concat(list) when is_list(list) do
    String.to_existing_atom("Elixir." <> Enum.map_join(list, ".", &part/1))
  end

  def safe_concat(left, right), do: safe_concat([left, right])

  defp part(part) do
    case to_string(part) do
      "Elixir." <> rest -> rest
      "." <> rest -> rest
      text -> text
    end
  end

  def split(module) when is_atom(module), do: split(Atom.to_string(module))

  def split(module) when is_binary(module) do
    case module do
      "Elixir." <> rest -> String.split(rest, ".")
      _ -> raise ArgumentError, "expected an Elixir module, got: " <> inspect(module)
    end
  end

  def get_attribute(module, name, default \\ nil) do
    if :rashomon.module_has(module, name), do: :rashomon.module_get(module, name), else: default
  end

  def put_attribute(module, name, value), do: :rashomon.module_put(module, name, value)
  def delete_attribute(module, name), do: :rashomon.module_delete(module, name)
  def has_attribute?(module, name), do: :rashomon.module_has(module, name)

  def register_attribute(module, name, options) do
    :rashomon.module_register(module, name, options)
  end

  def defines?(module, {name, arity}), do: :rashomon.module_defines(module, name, arity)
  def open?(_module), do: false
end
