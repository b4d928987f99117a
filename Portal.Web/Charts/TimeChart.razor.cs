using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Web.Figures;

namespace Portal.Web.Charts;

/// <summary>
/// Curves over time that zoom and pan (drag, wheel, pinch, keys). The browser fetches the data from the API by itself, as much as it has
/// pixels for; nothing of it goes through the circuit. Gaps are gaps, estimates dashed.
/// </summary>
public sealed partial class TimeChart : ComponentBase
{
    private ElementReference element;
    private IJSObjectReference? chart;
    private DotNetObjectReference<TimeChart>? self;
    private object? shown;

    /// <summary>Path with its query, without range and points: <c>/api/charts/devices/5?registers=activePowerKw</c>.</summary>
    [Parameter, EditorRequired]
    public required string Source { get; set; }

    /// <summary>What the chart is about, for screen readers.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<ChartSeries> Series { get; set; }

    /// <summary>The site's zone, by which the axis is written.</summary>
    [Parameter, EditorRequired]
    public required TimeZoneInfo Zone { get; set; }

    /// <summary>What is shown; null: the last <see cref="Span"/>, following the time.</summary>
    [Parameter]
    public ChartRange? Range { get; set; }

    [Parameter]
    public TimeSpan Span { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Somebody zoomed or panned: what is seen now, null for all again. Keep it in the address by <c>Navigation.Adjust</c>.</summary>
    [Parameter]
    public EventCallback<ChartRange?> RangeShown { get; set; }

    /// <summary>Interval of energy, for sources that take one instead of points.</summary>
    [Parameter]
    public string? Interval { get; set; }

    /// <summary>The same curves so much earlier, in grey behind: a day for yesterday.</summary>
    [Parameter]
    public TimeSpan? Compare { get; set; }

    [Parameter]
    public string CompareLabel { get; set; } = "";

    [Parameter]
    public IReadOnlyList<ChartBand> Bands { get; set; } = [];

    [Parameter]
    public IReadOnlyList<ChartLine> Lines { get; set; } = [];

    /// <summary>Columns instead of lines: energy of intervals.</summary>
    [Parameter]
    public bool Bars { get; set; }

    /// <summary>The axis needn't begin at zero: voltage, frequency.</summary>
    [Parameter]
    public bool Tight { get; set; }

    [Parameter]
    public bool Small { get; set; }

    /// <summary>How often it is renewed while it follows the time and is looked at.</summary>
    [Parameter]
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest stretch that the source answers.</summary>
    [Parameter]
    public TimeSpan Longest { get; set; } = TimeSpan.FromDays(180);

    private IEnumerable<(string Label, string Token)> Legend =>
        Series.Select(series => (series.Label, series.Token))
            .Concat(Compare is null ? [] : [(CompareLabel, "--ink-3")])
            .Concat(Bands.Select(band => (band.Label, band.Token)).Distinct());

    private object Options => new
    {
        url = Source,
        from = Range?.From.ToUnixTimeSeconds(),
        to = Range?.To.ToUnixTimeSeconds(),
        span = Span.TotalSeconds,
        zone = Zone.Id,
        interval = Interval,
        series = Series,
        compareSeconds = Compare?.TotalSeconds,
        compareLabel = CompareLabel,
        bands = Bands.Select(band => new { from = band.From.ToUnixTimeSeconds(), to = band.To.ToUnixTimeSeconds(), band.Token }),
        lines = Lines,
        bars = Bars,
        tight = Tight,
        refreshSeconds = RefreshEvery.TotalSeconds,
        longest = Longest.TotalSeconds,
        texts = new
        {
            empty = Text["Empty"].Value,
            stale = Text["Stale"].Value,
            failed = Text["Failed"].Value,
            refused = Text["Refused"].Value,
            estimated = Text["Estimated"].Value,
            summary = Text["Summary"].Value,
        },
    };

    /// <summary>Called by the browser, a moment after the last movement; Unix seconds.</summary>
    [JSInvokable]
    public Task ShowRange(double? from, double? to) => InvokeAsync(() => RangeShown.InvokeAsync(
        from is { } start && to is { } end ? new ChartRange(At(start), At(end)) : null));

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        var options = Options;
        if (firstRender)
        {
            self = DotNetObjectReference.Create(this);
            await using var module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/chart.js");
            shown = Key(options);
            chart = await module.InvokeAsync<IJSObjectReference>("mount", element, options, self);
        }
        else if (chart is not null && !Equals(shown, Key(options)))
        {
            shown = Key(options);
            await chart.InvokeVoidAsync("update", options);
        }
    }

    public async ValueTask DisposeAsync()
    {
        self?.Dispose();
        if (chart is null) return;
        try
        {
            await chart.InvokeVoidAsync("dispose");
            await chart.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and its chart with it.
        }
    }

    private static string Key(object options) => System.Text.Json.JsonSerializer.Serialize(options);

    private static DateTimeOffset At(double seconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
}
