using System.Net;
using System.Net.Http.Json;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Overview;
using Portal.Web.Api;
using Portal.Web.States;

namespace Portal.Web.Tests.States;

public sealed class DataComponentTests : PageContext
{
    private int asked;

    public DataComponentTests() => Api = _ =>
    {
        asked++;
        return Answer(asked);
    };

    [Fact]
    public void While_the_first_answer_is_on_its_way_it_says_so()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        ApiLater = _ => answer.Task;

        var page = Render<Probe>();
        Assert.Equal("Loading…", page.Find("[role=status]").TextContent.Trim());

        answer.SetResult(Answer(7));
        page.WaitForAssertion(() => Assert.Equal("7", page.Find("b.power").TextContent));
    }

    [Fact]
    public void It_is_renewed_while_somebody_looks_and_at_once_when_somebody_looks_again()
    {
        var page = Render<Probe>();
        Assert.Equal("1", page.Find("b.power").TextContent);

        // The loop waits already: only after a renewal it takes its place on the clock in its own time.
        Visibility.Set(false);
        Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("1", page.Find("b.power").TextContent);

        Visibility.Set(true);
        page.WaitForAssertion(() => Assert.Equal("2", page.Find("b.power").TextContent));

        AdvanceUntil(page, "3");
    }

    [Fact]
    public void What_cannot_be_renewed_stays_and_is_said_to_be_old()
    {
        var page = Render<Probe>();
        Api = _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);

        AdvanceUntil(page, () => page.FindAll(".notice").Count == 1);

        Assert.Equal("1", page.Find("b.power").TextContent);
        Assert.StartsWith("Not renewed since 12:30:00 UTC.", page.Find(".notice").TextContent.Trim(), StringComparison.Ordinal);

        Api = _ => Answer(9);
        AdvanceUntil(page, "9");
        Assert.Empty(page.FindAll(".notice"));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "This can't be shown at the moment.")]
    [InlineData(HttpStatusCode.Forbidden, "Your role doesn't allow this.")]
    [InlineData(HttpStatusCode.NotFound, "This doesn't exist, or no longer.")]
    public void An_outage_a_refusal_and_an_absence_are_three_different_things(HttpStatusCode status, string words)
    {
        Api = _ => new HttpResponseMessage(status);

        Assert.Contains(words, Render<Probe>().Find(".notice").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_deleted_meanwhile_does_not_stay_on_the_screen()
    {
        var page = Render<Probe>();
        Api = _ => new HttpResponseMessage(HttpStatusCode.NotFound);

        AdvanceUntil(page, () => page.FindAll("b.power").Count == 0);
    }

    [Fact]
    public void A_session_that_ended_leads_to_the_sign_in_page_with_the_way_back()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/devices?tab=quality");
        Api = _ => new HttpResponseMessage(HttpStatusCode.Unauthorized);

        var page = Render<Probe>();

        Assert.Equal("http://localhost/sign-in?ended=true&returnUrl=%2Fdevices%3Ftab%3Dquality", Services.GetRequiredService<NavigationManager>().Uri);
        Assert.Empty(page.FindAll("b.power"));
    }

    [Fact]
    public void Another_question_is_asked_anew_and_the_answer_to_the_old_one_is_dropped()
    {
        var slow = new TaskCompletionSource<HttpResponseMessage>();
        ApiLater = _ => slow.Task;
        var page = Render<Probe>(probe => probe.Add(p => p.Id, "a"));
        ApiLater = _ => Task.FromResult(Answer(42));

        page.Render(probe => probe.Add(p => p.Id, "b"));
        slow.SetResult(Answer(1));

        page.WaitForAssertion(() => Assert.Equal("42", page.Find("b.power").TextContent));
    }

    private void AdvanceUntil(IRenderedComponent<Probe> page, string power) => AdvanceUntil(page, () => page.FindAll("b.power").SingleOrDefault()?.TextContent == power);

    // The loop takes its place on the clock in its own time.
    private void AdvanceUntil(IRenderedComponent<Probe> page, Func<bool> condition)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); !condition() && TimeProvider.System.GetElapsedTime(begun) < DefaultWaitTimeout; )
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            try
            {
                page.WaitForState(condition, TimeSpan.FromMilliseconds(50));
            }
            catch (Bunit.Extensions.WaitForHelpers.WaitForFailedException)
            {
                // Not yet.
            }
        }

        Assert.True(condition());
    }

    private static HttpResponseMessage Answer(double power) =>
        new() { Content = JsonContent.Create(new OverviewAnswer(DateTimeOffset.UnixEpoch, power, null, false, [])) };

    internal sealed class Probe(PortalApi api) : DataComponent<OverviewAnswer>
    {
        [Parameter]
        public string Id { get; set; } = "";

        protected override TimeSpan? RefreshEvery => TimeSpan.FromSeconds(10);

        protected override object? Question => Id;

        protected override Task<OverviewAnswer> LoadAsync(CancellationToken cancellationToken) => api.OverviewAsync(cancellationToken);

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
        {
            builder.OpenComponent<StateView<OverviewAnswer>>(0);
            builder.AddComponentParameter(1, nameof(StateView<OverviewAnswer>.Data), Data);
            builder.AddComponentParameter(2, nameof(StateView<OverviewAnswer>.ChildContent), (RenderFragment<OverviewAnswer>)(answer => content =>
                content.AddMarkupContent(0, $"<b class=\"power\">{answer.PowerKw}</b>")));
            builder.CloseComponent();
        }
    }
}
