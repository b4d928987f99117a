using System.Net;
using System.Net.Http.Json;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Web.Api;
using Portal.Web.Forms;

namespace Portal.Web.Tests.Forms;

public sealed class FormDialogTests : PageContext
{
    [Fact]
    public async Task A_refusal_stands_beside_its_field_and_the_dialog_stays_until_the_api_took_it()
    {
        Api = _ => new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = JsonContent.Create(new { title = "No.", errors = new { name = new[] { "Give it a name." } } }) };
        var page = Render<MudDialogProvider>();
        Task<string?> asked = null!;
        await page.InvokeAsync(() => { asked = Services.GetRequiredService<Dialogs>().AskAsync<NameDialog, string>("Name it"); });

        page.WaitForElement(".form-dialog form").Submit();

        page.WaitForAssertion(() => Assert.Equal("Give it a name.", page.Find(".field-error").TextContent));
        Assert.False(asked.IsCompleted);
        Api = _ => new HttpResponseMessage { Content = JsonContent.Create(new { }) };
        page.Find(".form-dialog form").Submit();
        Assert.Equal("done", await asked.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Thinking_better_of_it_answers_nothing()
    {
        var page = Render<MudDialogProvider>();
        Task<string?> asked = null!;
        await page.InvokeAsync(() => { asked = Services.GetRequiredService<Dialogs>().AskAsync<NameDialog, string>("Name it"); });

        page.WaitForElement(".form-dialog button[type=button]").Click();

        Assert.Null(await asked.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    private sealed class NameDialog(FormState form, PortalApi api) : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<FormDialog>(0);
            builder.AddComponentParameter(1, nameof(FormDialog.Form), form);
            builder.AddComponentParameter(2, nameof(FormDialog.Action), "Save");
            builder.AddComponentParameter(3, nameof(FormDialog.OnSubmit), (Func<Task<object>>)(async () => { await api.OverviewAsync(default); return "done"; }));
            builder.AddComponentParameter(4, nameof(FormDialog.ChildContent), (RenderFragment)(content =>
            {
                content.OpenComponent<TextField>(0);
                content.AddComponentParameter(1, nameof(TextField.Form), form);
                content.AddComponentParameter(2, nameof(TextField.Name), "name");
                content.AddComponentParameter(3, nameof(TextField.Label), "Name");
                content.CloseComponent();
            }));
            builder.CloseComponent();
        }
    }
}
