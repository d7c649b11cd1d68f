# Escape sequences for terminals. Output is never taken for a terminal unless a program says so.
defmodule IO.ANSI do
  def enabled?, do: false

  def black, do: "\e[30m"
  def black_background, do: "\e[40m"
  def blink_off, do: "\e[25m"
  def blink_rapid, do: "\e[6m"
  def blink_slow, do: "\e[5m"
  def blue, do: "\e[34m"
  def blue_background, do: "\e[44m"
  def bright, do: "\e[1m"
  def clear, do: "\e[2J"
  def clear_line, do: "\e[2K"
  def conceal, do: "\e[8m"
  def crossed_out, do: "\e[9m"
  def cyan, do: "\e[36m"
  def cyan_background, do: "\e[46m"
  def default_background, do: "\e[49m"
  def default_color, do: "\e[39m"
  def encircled, do: "\e[52m"
  def faint, do: "\e[2m"
  def font_1, do: "\e[11m"
  def font_2, do: "\e[12m"
  def font_3, do: "\e[13m"
  def font_4, do: "\e[14m"
  def font_5, do: "\e[15m"
  def font_6, do: "\e[16m"
  def font_7, do: "\e[17m"
  def font_8, do: "\e[18m"
  def font_9, do: "\e[19m"
  def framed, do: "\e[51m"
  def green, do: "\e[32m"
  def green_background, do: "\e[42m"
  def home, do: "\e[H"
  def inverse, do: "\e[7m"
  def inverse_off, do: "\e[27m"
  def italic, do: "\e[3m"
  def light_black, do: "\e[90m"
  def light_black_background, do: "\e[100m"
  def light_blue, do: "\e[94m"
  def light_blue_background, do: "\e[104m"
  def light_cyan, do: "\e[96m"
  def light_cyan_background, do: "\e[106m"
  def light_green, do: "\e[92m"
  def light_green_background, do: "\e[102m"
  def light_magenta, do: "\e[95m"
  def light_magenta_background, do: "\e[105m"
  def light_red, do: "\e[91m"
  def light_red_background, do: "\e[101m"
  def light_white, do: "\e[97m"
  def light_white_background, do: "\e[107m"
  def light_yellow, do: "\e[93m"
  def light_yellow_background, do: "\e[103m"
  def magenta, do: "\e[35m"
  def magenta_background, do: "\e[45m"
  def no_underline, do: "\e[24m"
  def normal, do: "\e[22m"
  def not_framed_encircled, do: "\e[54m"
  def not_italic, do: "\e[23m"
  def not_overlined, do: "\e[55m"
  def overlined, do: "\e[53m"
  def primary_font, do: "\e[10m"
  def red, do: "\e[31m"
  def red_background, do: "\e[41m"
  def reset, do: "\e[0m"
  def reverse, do: "\e[7m"
  def reverse_off, do: "\e[27m"
  def underline, do: "\e[4m"
  def white, do: "\e[37m"
  def white_background, do: "\e[47m"
  def yellow, do: "\e[33m"
  def yellow_background, do: "\e[43m"

  def syntax_colors do
    [
      atom: :cyan,
      binary: :default_color,
      boolean: :magenta,
      charlist: :yellow,
      list: :default_color,
      map: :default_color,
      nil: :magenta,
      number: :yellow,
      string: :green,
      tuple: :default_color
    ]
  end

  def color(code) when code in 0..255, do: "\e[38;5;#{code}m"
  def color(r, g, b) when r in 0..5 and g in 0..5 and b in 0..5, do: color(16 + 36 * r + 6 * g + b)
  def color_background(code) when code in 0..255, do: "\e[48;5;#{code}m"

  def color_background(r, g, b) when r in 0..5 and g in 0..5 and b in 0..5 do
    color_background(16 + 36 * r + 6 * g + b)
  end

  def cursor(line, column) when is_integer(line) and line >= 0 and is_integer(column) and column >= 0 do
    "\e[#{line};#{column}H"
  end

  def cursor_up(lines \\ 1) when is_integer(lines) and lines >= 1, do: "\e[#{lines}A"
  def cursor_down(lines \\ 1) when is_integer(lines) and lines >= 1, do: "\e[#{lines}B"
  def cursor_right(columns \\ 1) when is_integer(columns) and columns >= 1, do: "\e[#{columns}C"
  def cursor_left(columns \\ 1) when is_integer(columns) and columns >= 1, do: "\e[#{columns}D"

  def format(chardata, emit? \\ enabled?()) when is_boolean(emit?) do
    {acc, used?} = collect(chardata, [], emit?, false)
    if used?, do: [acc | reset()], else: acc
  end

  def format_fragment(chardata, emit? \\ enabled?()) when is_boolean(emit?) do
    {acc, _} = collect(chardata, [], emit?, false)
    acc
  end

  defp collect([], acc, _emit?, used?), do: {acc, used?}

  defp collect([head | tail], acc, emit?, used?) do
    {acc, used?} = collect(head, acc, emit?, used?)
    collect(tail, acc, emit?, used?)
  end

  defp collect(name, acc, true, _used?) when is_atom(name), do: {[acc | sequence(name)], true}
  defp collect(name, acc, false, used?) when is_atom(name), do: {acc, used?}
  defp collect(other, acc, _emit?, used?), do: {[acc, other], used?}

  defp sequence(name) do
    if function_exported?(IO.ANSI, name, 0) and name not in [:enabled?, :syntax_colors, :module_info] do
      apply(IO.ANSI, name, [])
    else
      raise ArgumentError, "invalid ANSI sequence specification: #{inspect(name)}"
    end
  end
end
