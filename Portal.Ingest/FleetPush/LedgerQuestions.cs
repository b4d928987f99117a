using System.Globalization;
using System.Text.Json;
using Portal.Contracts.Fleet;
using Portal.Data.FleetPush;
using Portal.Domain.Decoding;
using ZstdSharp;

namespace Portal.Ingest.FleetPush;

/// <summary>What of a device the fleet's answer says besides its measurements.</summary>
internal sealed record FetchedDevice(SiteRow? Site, DeviceRow? Device);

/// <summary>What the fleet holds of a device-day.</summary>
internal sealed record FetchedDay(FetchedDevice Of, DecodedPost Rows);

/// <summary>The questions of the ledger and what their answers say.</summary>
internal static class LedgerQuestions
{
    private const int ZstdLevel = 3;
    private const int MostDifferences = 4 * 1024 * 1024; // bytes: 5,000 differences are 1.3 MB
    private const int MostRows = 256 * 1024 * 1024; // bytes: a day of rows a second with all values

    /// <summary>What this stack holds of a range of days.</summary>
    public static PushMessage Compare(LedgerRequest request)
    {
        using var body = new MemoryStream();
        using (var zstd = new CompressionStream(body, ZstdLevel, leaveOpen: true))
        {
            JsonSerializer.Serialize(zstd, request, PushJson.Default.LedgerRequest);
        }

        return new PushMessage(Guid.CreateVersion7(), PushMessage.Ledger, request.Days.Count, body.ToArray(), IsCompressed: true)
        {
            Path = "ledger",
            MostAnswerBytes = MostDifferences,
        };
    }

    /// <summary>All that the fleet holds of a device-day.</summary>
    public static PushMessage Fetch(LedgerDay day) =>
        new(Guid.CreateVersion7(), PushMessage.Ledger, day.Count, default, IsCompressed: false)
        {
            Path = string.Create(
                CultureInfo.InvariantCulture,
                $"ledger/rows?externalId={Uri.EscapeDataString(day.ExternalId)}&day={day.Day:yyyy-MM-dd}"
            ),
            MostAnswerBytes = MostRows,
        };

    /// <summary>A device-day as it is said to the fleet.</summary>
    public static LedgerDay Day(LedgerEntry entry) =>
        new(
            entry.ExternalId,
            entry.Day,
            entry.Content!.Rows,
            entry.Content.First,
            entry.Content.Last,
            entry.Content.EnergyDeltaKwh,
            Convert.ToHexStringLower(entry.Content.Hash)
        );

    /// <returns>Null where the answer is not the fleet's.</returns>
    public static LedgerAnswer? Differences(PushOutcome outcome) => Parse(() => JsonSerializer.Deserialize(outcome.Body.Span, PushJson.Default.LedgerAnswer)) is
        { Differences: not null } answer
        ? answer
        : null;

    /// <returns>Null where the answer is not the fleet's.</returns>
    public static FetchedDay? Rows(PushOutcome outcome) =>
        Parse(() =>
            JsonSerializer.Deserialize(outcome.Body.Span, PushJson.Default.FetchedDevice) is { } device
                ? new FetchedDay(device, NativeDecoder.Decode(outcome.Body.Span))
                : null
        );

    private static T? Parse<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or UnreadablePostException)
        {
            return null;
        }
    }
}
