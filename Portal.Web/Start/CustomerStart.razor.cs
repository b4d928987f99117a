using System.Globalization;
using Microsoft.AspNetCore.Components;
using Portal.Contracts.Overview;
using Portal.Web.Api;

namespace Portal.Web.Start;

/// <summary>A customer's start page: power now, energy today, devices with the age of what they sent.</summary>
public sealed partial class CustomerStart(PortalApi api) : ComponentBase
{
    private OverviewAnswer? overview;
    private string? failure;

    private List<OverviewDevice> Devices => [.. overview!.Sites.SelectMany(site => site.Devices)];

    private Freshness Newest => Freshness.Of(Devices.Max(device => device.LastSeenAt), overview!.At);

    private string Subtitle
    {
        get
        {
            var zones = overview!.Sites.Select(site => site.TimeZone).Distinct().ToList();
            var day = overview.Sites.Count > 0 ? overview.Sites[0].DayStart.ToString("dddd d MMMM", CultureInfo.InvariantCulture) : "";
            return zones.Count switch
            {
                0 => "",
                1 => $"All sites · {day}, times in {zones[0]}",
                _ => $"All sites · each in its own time zone",
            };
        }
    }

    private string PowerNote
    {
        get
        {
            var silent = overview!.Sites.Count(site => site.PowerKw is null);
            return silent == 0 ? "sum of the main meters" : string.Create(CultureInfo.InvariantCulture, $"without {silent} of {overview.Sites.Count} sites, which posted no power lately");
        }
    }

    private string DevicesNote
    {
        get
        {
            var notFresh = Devices.Count(device => Freshness.Of(device.LastSeenAt, overview!.At).Word != "fresh");
            return notFresh == 0 ? "all posted in the last 5 minutes" : string.Create(CultureInfo.InvariantCulture, $"{notFresh} not heard from in the last 5 minutes");
        }
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            overview = await api.OverviewAsync(CancellationToken.None);
        }
        catch (ApiUnavailableException exception)
        {
            failure = exception.Message;
        }
    }
}
