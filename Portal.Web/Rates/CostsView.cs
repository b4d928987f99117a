using Portal.Contracts.Rates;
using Portal.Contracts.Sites;

namespace Portal.Web.Rates;

/// <summary>What the page about a site's costs shows.</summary>
/// <param name="Sites">All sites, to choose from.</param>
/// <param name="Site">The one that is shown; null where there is none.</param>
/// <param name="Bill">Of the month; null where there is no site.</param>
/// <param name="Before">Of the month before.</param>
/// <param name="Assignments">By first day.</param>
/// <param name="Facts">By first day.</param>
/// <param name="Tariffs">Approved ones, to compare with and to assign.</param>
/// <param name="WhatIf">The comparison that was asked for.</param>
public sealed record CostsView(
    IReadOnlyList<SiteItem> Sites,
    SiteItem? Site,
    string Query,
    BillAnswer? Bill,
    BillAnswer? Before,
    IReadOnlyList<AssignmentItem> Assignments,
    IReadOnlyList<SiteFactsItem> Facts,
    IReadOnlyList<TariffItem> Tariffs,
    WhatIfAnswer? WhatIf
);
