using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Portal.Domain.Tariffs;

namespace Portal.Data.Rates;

/// <summary>The documents of versions as JSON: components say their <c>kind</c>, numbers keep their digits, nulls are left out.</summary>
/// <example><c>{"components":[{"kind":"energy","name":"Energy","rates":[{"season":"high","band":"peak","price":6.8459}]}]}</c></example>
public static class RatesJson
{
    /// <summary>Names of components in files, on the wire and in the database. They are never changed: stored versions have them.</summary>
    public static IReadOnlyDictionary<string, Type> Kinds { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["energy"] = typeof(EnergyCharge),
        ["blocks"] = typeof(BlockCharge),
        ["levy"] = typeof(Levy),
        ["surcharge"] = typeof(Surcharge),
        ["demand"] = typeof(DemandCharge),
        ["capacity"] = typeof(CapacityCharge),
        ["fixed"] = typeof(FixedCharge),
        ["reactive"] = typeof(ReactiveCharge),
        ["export"] = typeof(ExportCredit),
        ["minimum"] = typeof(MinimumCharge),
    };

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // jsonb orders the names of an object by their length.
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameKinds } },
    };

    public static string Write<T>(T content) => JsonSerializer.Serialize(content, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("The stored document is null.");

    /// <summary>Name of a component's kind.</summary>
    public static string KindOf(TariffComponent component) => Kinds.First(kind => kind.Value == component.GetType()).Key;

    private static void NameKinds(JsonTypeInfo type)
    {
        if (type.Type != typeof(TariffComponent))
        {
            return;
        }

        type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "kind" };
        foreach (var (name, kind) in Kinds)
        {
            type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(kind, name));
        }
    }
}
