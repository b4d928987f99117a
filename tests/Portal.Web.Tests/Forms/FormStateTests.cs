using System.Net;
using System.Text;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Api;
using Portal.Web.Forms;

namespace Portal.Web.Tests.Forms;

public sealed class FormStateTests : PageContext
{
    private const string Taken =
        """{"type":"https://tau-acuvim.portal/problems/taken","title":"This is taken already.","detail":"Another device has it.","errors":{"externalId":["Another device has this serial."],"siteId":["Is missing."]}}""";

    [Fact]
    public async Task The_apis_errors_stand_beside_the_fields_they_name_and_the_others_above_the_form()
    {
        var form = Services.GetRequiredService<FormState>();
        var fields = Render(Fields(form));
        Api = _ => Problem(HttpStatusCode.Conflict, Taken);

        Assert.False(await fields.InvokeAsync(() => form.SubmitAsync(AskAsync)));

        var input = fields.Find("input");
        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        Assert.Equal("Another device has this serial.", fields.Find("#" + input.GetAttribute("aria-describedby")!.Split(' ')[0]).TextContent);
        Assert.Equal("siteId: Is missing.", fields.Find(".form-errors").TextContent.Trim());
    }

    [Fact]
    public async Task A_refusal_without_fields_is_said_in_the_apis_words()
    {
        var form = Services.GetRequiredService<FormState>();
        Api = _ => Problem(HttpStatusCode.Conflict, """{"title":"This would leave nobody to administer the portal.","detail":"Make somebody else an admin first."}""");

        await form.SubmitAsync(AskAsync);

        Assert.Equal(["This would leave nobody to administer the portal. Make somebody else an admin first."], form.General);
    }

    [Fact]
    public async Task An_outage_says_that_nothing_was_changed_and_the_next_attempt_clears_it()
    {
        var form = Services.GetRequiredService<FormState>();
        await form.SubmitAsync(AskAsync);
        Assert.StartsWith("The portal's service does not answer.", Assert.Single(form.General), StringComparison.Ordinal);

        Api = _ => new HttpResponseMessage { Content = new StringContent("{\"name\":\"x\"}", Encoding.UTF8, "application/json") };

        Assert.True(await form.SubmitAsync(AskAsync));
        Assert.Empty(form.General);
    }

    [Fact]
    public async Task A_form_is_sent_once_at_a_time()
    {
        var form = Services.GetRequiredService<FormState>();
        var answer = new TaskCompletionSource();
        var first = form.SubmitAsync(() => answer.Task);

        Assert.False(await form.SubmitAsync(() => throw new InvalidOperationException("sent twice")));
        answer.SetResult();
        Assert.True(await first);
    }

    [Fact]
    public async Task A_session_that_ended_is_not_taken_for_a_mistake_in_the_form()
    {
        Api = _ => new HttpResponseMessage(HttpStatusCode.Unauthorized);

        await Assert.ThrowsAsync<SignedOutException>(() => Services.GetRequiredService<FormState>().SubmitAsync(AskAsync));
    }

    private Task AskAsync() => Services.GetRequiredService<PortalApi>().BrandingAsync(CancellationToken.None);

    private static RenderFragment Fields(FormState form) => builder =>
    {
        builder.OpenComponent<FormErrors>(0);
        builder.AddComponentParameter(1, nameof(FormErrors.Form), form);
        builder.CloseComponent();
        builder.OpenComponent<TextField>(2);
        builder.AddComponentParameter(3, nameof(TextField.Form), form);
        builder.AddComponentParameter(4, nameof(TextField.Name), "externalId");
        builder.AddComponentParameter(5, nameof(TextField.Label), "Serial");
        builder.AddComponentParameter(6, nameof(TextField.Help), "As on the meter.");
        builder.CloseComponent();
    };

    private static HttpResponseMessage Problem(HttpStatusCode status, string json) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/problem+json") };
}
