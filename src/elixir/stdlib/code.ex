# Modules that are there, and code in texts.
defmodule Code do
  def ensure_loaded(module) when is_atom(module) do
    if :rashomon.module_loaded(module), do: {:module, module}, else: {:error, :nofile}
  end

  def ensure_loaded?(module) when is_atom(module), do: :rashomon.module_loaded(module)

  def ensure_loaded!(module) do
    if ensure_loaded?(module) do
      module
    else
      raise ArgumentError,
            "could not load module #{inspect(module)} due to reason :nofile"
    end
  end

  def ensure_compiled(module), do: ensure_loaded(module)
  def ensure_compiled!(module), do: ensure_loaded!(module)
  def ensure_all_loaded(modules), do: for(module <- modules, do: ensure_loaded(module)) && :ok

  def eval_string(text, binding \\ [], opts \\ [])

  def eval_string(text, binding, _opts) do
    case :rashomon.eval(IO.chardata_to_string(text), binding) do
      {:ok, value, binding} -> {value, binding}
      {:error, module, message} -> raise unreadable(module, message, IO.chardata_to_string(text))
    end
  end

  # What is no code is shown with its line.
  defp unreadable(module, message, text) when module in [SyntaxError, TokenMissingError] do
    case Regex.run(~r/^(.*?):(\d+):(\d+): (.*)$/s, message) do
      [_, file, line, column, description] ->
        {line, column} = {String.to_integer(line), String.to_integer(column)}
        content = text |> String.split("\n") |> Enum.at(line - 1, "")
        snippet = if content != "", do: %{content: content, offset: column - 1}
        module.exception(file: file, line: line, column: column, description: description, snippet: snippet)

      nil ->
        module.exception(description: message)
    end
  end

  defp unreadable(module, message, _text), do: module.exception(message: message)

  def eval_quoted(quoted, binding \\ [], opts \\ []), do: eval_string(Macro.to_string(quoted), binding, opts)

  def string_to_quoted(text, _opts \\ []) do
    case :rashomon.quoted(IO.chardata_to_string(text)) do
      {:ok, quoted} -> {:ok, quoted}
      {:error, _module, line, message} -> {:error, {[line: line], message, ""}}
    end
  end

  def string_to_quoted!(text, opts \\ []) do
    case string_to_quoted(text, opts) do
      {:ok, quoted} -> quoted
      {:error, {[line: line], message, _}} -> raise SyntaxError, file: "nofile", line: line, description: message
    end
  end

  def compiler_options(_options), do: :ok
  def put_compiler_option(_key, _value), do: :ok
  def require_file(_file, _relative_to \\ nil), do: []
end
