# How a term shall be shown.
defmodule Inspect.Opts do
  defstruct base: :decimal,
            binaries: :infer,
            char_lists: :infer,
            charlists: :infer,
            custom_options: [],
            inspect_fun: &Inspect.inspect/2,
            limit: 50,
            pretty: false,
            printable_limit: 4096,
            safe: true,
            structs: true,
            syntax_colors: [],
            width: 80

  def new([]), do: %Inspect.Opts{}
  def new(options), do: Kernel.struct(Inspect.Opts, options)

  def default_inspect_fun, do: &Inspect.inspect/2
end
