using System.Collections.Immutable;
using System.Text.Json;

namespace Portal.Gateway.Stacks;

/// <summary>Reads the fields <c>paths</c> and <c>rates</c> of a stack file. What they leave out is as the gateway has it.</summary>
internal static class StackFileLimits
{
    private static readonly ImmutableDictionary<string, RateKind> RateNames =
        Enum.GetValues<RateKind>().ToImmutableDictionary(kind => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, PathLimits> Paths(JsonElement value, Stack stack, Action<string, string> fault)
    {
        var limits = ImmutableSortedDictionary.CreateBuilder<string, PathLimits>(StringComparer.Ordinal);
        var known = StackPaths.Of(stack).Select(path => path.Path).ToList();
        foreach (var field in Fields(value, "paths", fault))
        {
            if (!known.Contains(field.Name))
            {
                fault($"paths.{field.Name}", $"is no path that has limits of its own here; such are {string.Join(", ", known.Order(StringComparer.Ordinal))}");
                continue;
            }

            var numbers = Numbers(field, $"paths.{field.Name}", fault, ("bodyMiB", 1, 1024, true), ("timeoutSeconds", 1, 3600, true));
            limits[field.Name] = new PathLimits((int?)numbers[0], numbers[1] is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        }

        return limits.ToImmutable();
    }

    public static ImmutableSortedDictionary<RateKind, Rate> Rates(JsonElement value, Stack stack, Action<string, string> fault)
    {
        var rates = ImmutableSortedDictionary.CreateBuilder<RateKind, Rate>();
        if (stack.IsEdge) fault("rates", "belongs into the file of the stack's own gateway, which tells its paths apart");
        foreach (var field in Fields(value, "rates", fault))
        {
            if (!RateNames.TryGetValue(field.Name, out var kind))
            {
                fault($"rates.{field.Name}", $"is not counted; known are {string.Join(", ", RateNames.Keys.Order(StringComparer.Ordinal))}");
                continue;
            }

            var numbers = Numbers(field, $"rates.{field.Name}", fault, ("perSecond", 0.01, 1_000_000, false), ("burst", 1, 10_000_000, true));
            rates[kind] = new Rate(numbers[0] ?? Rate.Usual[kind].PerSecond, (int?)numbers[1] ?? Rate.Usual[kind].Burst);
        }

        return rates.ToImmutable();
    }

    private static double?[] Numbers(JsonProperty of, string path, Action<string, string> fault, params (string Name, double Least, double Most, bool Whole)[] known)
    {
        var numbers = new double?[known.Length];
        foreach (var field in Fields(of.Value, path, fault))
        {
            var index = Array.FindIndex(known, number => number.Name == field.Name);
            if (index < 0)
            {
                fault($"{path}.{field.Name}", $"is no known field; known are {string.Join(" and ", known.Select(number => number.Name))}");
                continue;
            }

            var (name, least, most, whole) = known[index];
            if (field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetDouble(out var number)
                && number >= least && number <= most && (!whole || number == Math.Floor(number)))
                numbers[index] = number;
            else
                fault($"{path}.{name}", FormattableString.Invariant(
                    $"is {field.Value.GetRawText()}; it must be a {(whole ? "whole " : "")}number from {least} to {most}"));
        }

        return numbers;
    }

    private static JsonElement.ObjectEnumerator Fields(JsonElement value, string path, Action<string, string> fault)
    {
        if (value.ValueKind == JsonValueKind.Object) return value.EnumerateObject();
        fault(path, "must be an object");
        return default;
    }
}
