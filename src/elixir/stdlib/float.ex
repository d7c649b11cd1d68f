# Operations on floats. Rounding to decimals works on the exact value of the float.

defmodule Float do
  def max_finite, do: 1.7976931348623157e308
  def min_finite, do: -1.7976931348623157e308

  def pow(base, exponent) when is_float(base) and is_number(exponent), do: :math.pow(base, exponent)

  def ceil(number, precision \\ 0)
  def ceil(number, 0) when is_float(number), do: :math.ceil(number)

  def ceil(number, precision) when is_float(number) and is_integer(precision) and precision in 0..15,
    do: decimal(number, precision, if(number < 0, do: :down, else: :up))

  def ceil(number, precision) when is_float(number), do: out_of_range(precision)

  def floor(number, precision \\ 0)
  def floor(number, 0) when is_float(number), do: :math.floor(number)

  def floor(number, precision) when is_float(number) and is_integer(precision) and precision in 0..15,
    do: decimal(number, precision, if(number < 0, do: :up, else: :down))

  def floor(number, precision) when is_float(number), do: out_of_range(precision)

  def round(float, precision \\ 0)
  def round(float, 0) when is_float(float), do: :erlang.float(:erlang.round(float))

  def round(float, precision) when is_float(float) and is_integer(precision) and precision in 0..15,
    do: decimal(float, precision, :half)

  def round(float, precision) when is_float(float), do: out_of_range(precision)

  defp out_of_range(precision) do
    raise ArgumentError, "precision #{precision} is out of valid range of 0..15"
  end

  defp decimal(float, precision, mode) do
    {n, d} = ratio(float)

    if d == 1 do
      float
    else
      scale = Integer.pow(10, precision)
      scaled = abs(n) * scale

      units =
        case mode do
          :half -> div(2 * scaled + d, 2 * d)
          :down -> div(scaled, d)
          :up -> div(scaled + d - 1, d)
        end

      result = from_units(units, scale, precision)
      if n < 0 and units > 0, do: -result, else: result
    end
  end

  # units / scale, through the digits, so that the result is the nearest float.
  defp from_units(units, scale, precision) do
    tail = :erlang.integer_to_binary(rem(units, scale) + scale)
    <<?1, decimals::binary-size(precision)>> = tail
    :erlang.binary_to_float(:erlang.integer_to_binary(div(units, scale)) <> "." <> decimals)
  end

  def ratio(float) when is_float(float) do
    <<sign::1, exponent::11, fraction::52>> = <<float::float>>

    {mantissa, power} =
      if exponent == 0, do: {fraction, -1074}, else: {fraction + 0x10000000000000, exponent - 1075}

    mantissa = if sign == 1, do: -mantissa, else: mantissa

    cond do
      mantissa == 0 -> {0, 1}
      power >= 0 -> {:erlang.bsl(mantissa, power), 1}
      true -> reduce(mantissa, -power)
    end
  end

  defp reduce(mantissa, power) when power > 0 and :erlang.band(mantissa, 1) == 0,
    do: reduce(div(mantissa, 2), power - 1)

  defp reduce(mantissa, power), do: {mantissa, :erlang.bsl(1, power)}

  def parse("-" <> binary) do
    case parse_unsigned(binary) do
      {float, rest} -> {-float, rest}
      :error -> :error
    end
  end

  def parse("+" <> binary), do: parse_unsigned(binary)
  def parse(binary), do: parse_unsigned(binary)

  # The longest prefix of the form 1, 1.2, 1e3, 1.2e-3.
  defp parse_unsigned(<<digit, _::binary>> = binary) when digit in ?0..?9 do
    {whole, rest} = digits(binary, 0)

    {decimals, rest} =
      case rest do
        <<?., digit, _::binary>> when digit in ?0..?9 ->
          <<?., rest::binary>> = rest
          digits(rest, 0)

        _ ->
          {"0", rest}
      end

    {exponent, rest} = exponent(rest)

    try do
      :erlang.binary_to_float(whole <> "." <> decimals <> exponent)
    rescue
      ArgumentError -> :error
    else
      float -> {float, rest}
    end
  end

  defp parse_unsigned(binary) when is_binary(binary), do: :error

  defp exponent(<<e, sign, digit, _::binary>> = binary)
       when e in [?e, ?E] and sign in [?+, ?-] and digit in ?0..?9 do
    <<_, _, rest::binary>> = binary
    {power, rest} = digits(rest, 0)
    {<<?e, sign>> <> power, rest}
  end

  defp exponent(<<e, digit, _::binary>> = binary) when e in [?e, ?E] and digit in ?0..?9 do
    <<_, rest::binary>> = binary
    {power, rest} = digits(rest, 0)
    {"e" <> power, rest}
  end

  defp exponent(binary), do: {"", binary}

  defp digits(binary, n) do
    case binary do
      <<_::binary-size(n), digit, _::binary>> when digit in ?0..?9 -> digits(binary, n + 1)
      <<digits::binary-size(n), rest::binary>> -> {digits, rest}
    end
  end

  def to_string(float) when is_float(float), do: :erlang.float_to_binary(float, [:short])
  def to_string(float, options), do: :erlang.float_to_binary(float, options)

  def to_charlist(float) when is_float(float), do: :erlang.float_to_list(float, [:short])

  def to_char_list(float), do: Float.to_charlist(float)
  def to_char_list(float, options), do: :erlang.float_to_list(float, options)
end
