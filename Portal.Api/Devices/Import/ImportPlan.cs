using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Contracts.Devices;
using Portal.Contracts.Sites;
using Portal.Api.Sites;
using Portal.Data;
using Portal.Domain.Sites;

namespace Portal.Api.Devices.Import;

/// <summary>What a file would do to the catalogue as it is: every line's effect, or everything that is wrong with it.</summary>
internal sealed class ImportPlan
{
    private readonly Dictionary<string, List<Site>> sitesByName;
    private readonly Dictionary<string, Device> devicesBySerial;
    private readonly Dictionary<string, int> lineOfSerial = [];
    private readonly List<ImportLine> lines = [];
    private readonly Dictionary<Guid, string> siteNames;
    private readonly DateTimeOffset now;

    private ImportPlan(IReadOnlyList<Site> sites, IReadOnlyList<Device> devices, DateTimeOffset now)
    {
        this.now = now;
        siteNames = sites.ToDictionary(site => site.Id, site => site.Name);
        sitesByName = sites.GroupBy(site => site.Name).ToDictionary(same => same.Key, same => same.ToList());
        devicesBySerial = devices.ToDictionary(device => device.ExternalId);
    }

    public List<Site> NewSites { get; } = [];

    /// <summary>Devices as they will be; those of <see cref="Device.Id"/> 0 are new.</summary>
    public List<(Device Device, AuditedDevice After, AuditedDevice? Before)> Devices { get; } = [];

    /// <summary>A portal holds no more than it would hold then.</summary>
    public bool IsTooMuch =>
        siteNames.Count > SiteEndpoints.MaxSites || devicesBySerial.Count + Devices.Count(device => device.Before is null) > DeviceEndpoints.MaxDevices;

    /// <summary>Null where a line fails, or there is nothing to do. The same file has another one once the catalogue has changed in what it touches.</summary>
    public string? Name { get; private set; }

    public IReadOnlyList<ImportLine> Lines => lines;

    /// <param name="sites">All there are.</param>
    /// <param name="devices">All there are.</param>
    public static ImportPlan Make(IReadOnlyList<ImportedLine> file, IReadOnlyList<Site> sites, IReadOnlyList<Device> devices, DateTimeOffset now)
    {
        var plan = new ImportPlan(sites, devices, now);
        foreach (var line in file) plan.Add(line);
        if (plan.lines.TrueForAll(line => line.Problems.Count == 0) && plan.NewSites.Count + plan.Devices.Count > 0)
        {
            var done = JsonSerializer.Serialize(new { plan.lines, NewSites = plan.NewSites.Select(site => site.Name), Before = plan.Devices.Select(device => device.Before) });
            plan.Name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(done)))[..16];
        }

        return plan;
    }

    private void Add(ImportedLine line)
    {
        var problems = new List<ImportProblem>();
        var role = line[ImportFile.Role].ToLowerInvariant();
        var site = FindSite(line, problems);
        var isDevice = new[] { ImportFile.Device, ImportFile.Serial, ImportFile.Role, ImportFile.Model }.Any(column => line[column].Length > 0);
        var effect = ImportEffects.Nothing;
        if (isDevice)
        {
            CheckDevice(line, role, problems);
            if (problems.Count == 0) effect = AddDevice(line, site!, role);
        }
        else if (site is not null && NewSites.Contains(site))
        {
            effect = ImportEffects.Creates;
        }

        lines.Add(new ImportLine(
            line.Number, line[ImportFile.Site], site?.TimeZone ?? line[ImportFile.TimeZone], line[ImportFile.Device], line[ImportFile.Serial], role, line[ImportFile.Model],
            problems.Count > 0 ? ImportEffects.Fails : effect, problems));
    }

    private Site? FindSite(ImportedLine line, List<ImportProblem> problems)
    {
        var (name, zone) = (line[ImportFile.Site], line[ImportFile.TimeZone]);
        if (name.Length == 0)
        {
            problems.Add(new ImportProblem(ImportFile.Site, "Is missing: every line belongs to a site."));
            return null;
        }

        if (sitesByName.TryGetValue(name, out var known))
        {
            if (known.Count > 1) problems.Add(new ImportProblem(ImportFile.Site, "More than one site has this name. Give them different names first."));
            else if (zone.Length > 0 && zone != known[0].TimeZone)
                problems.Add(new ImportProblem(ImportFile.TimeZone, $"The site has {known[0].TimeZone}. Leave this empty, or change the zone on the site's page."));
            return known[0];
        }

        if (!TimeZones.TryFind(zone, out _)) problems.Add(new ImportProblem(ImportFile.TimeZone, $"The site is new and needs one. {TimeZones.Expected}"));
        if (Invalid(new SiteBody(name, "UTC")) is { } wrong) problems.Add(new ImportProblem(ImportFile.Site, wrong));
        if (problems.Count > 0) return null;
        var site = new Site { Name = name, TimeZone = zone, CreatedAt = now };
        NewSites.Add(site);
        siteNames.Add(site.Id, name);
        sitesByName.Add(name, [site]);
        return site;
    }

    private void CheckDevice(ImportedLine line, string role, List<ImportProblem> problems)
    {
        var (name, serial) = (line[ImportFile.Device], line[ImportFile.Serial]);
        if (name.Length == 0) problems.Add(new ImportProblem(ImportFile.Device, "Is missing: give the device a name."));
        else if (Invalid(new DeviceBody("-", name, "-")) is { } wrongName) problems.Add(new ImportProblem(ImportFile.Device, wrongName));
        if (serial.Length == 0) problems.Add(new ImportProblem(ImportFile.Serial, "Is missing: it stands on the meter, and is what it posts."));
        else if (Invalid(new DeviceBody("-", "-", serial)) is { } wrongSerial) problems.Add(new ImportProblem(ImportFile.Serial, wrongSerial));
        else if (!lineOfSerial.TryAdd(serial, line.Number)) problems.Add(new ImportProblem(ImportFile.Serial, $"Line {lineOfSerial[serial]} has the same one."));
        if (role.Length > 0 && Invalid(new DeviceBody("-", "-", "-", null, role)) is { } wrongRole) problems.Add(new ImportProblem(ImportFile.Role, wrongRole));
        if (Invalid(new DeviceBody("-", "-", "-", line[ImportFile.Model])) is { } wrongModel) problems.Add(new ImportProblem(ImportFile.Model, wrongModel));
    }

    // What is left empty of a device that is there stays as it is.
    private string AddDevice(ImportedLine line, Site site, string role)
    {
        var model = DeviceEndpoints.Text(line[ImportFile.Model]);
        if (!devicesBySerial.TryGetValue(line[ImportFile.Serial], out var device))
        {
            var made = new Device
            {
                SiteId = site.Id, Name = line[ImportFile.Device], ExternalId = line[ImportFile.Serial], Model = model,
                Role = role.Length == 0 ? DeviceRole.Main : DeviceItems.Role(role), CreatedAt = now,
            };
            Devices.Add((made, Audited(made), null));
            return ImportEffects.Creates;
        }

        var before = Audited(device);
        device.SiteId = site.Id;
        device.Name = line[ImportFile.Device];
        device.Model = model ?? device.Model;
        if (role.Length > 0) device.Role = DeviceItems.Role(role);
        if (Audited(device) is var after && after == before) return ImportEffects.Nothing;
        Devices.Add((device, after, before));
        return ImportEffects.Changes;
    }

    private AuditedDevice Audited(Device device) => AuditedDevice.Of(device, siteNames[device.SiteId]);

    // The rules are those of the bodies that make one at a time.
    private static string? Invalid(object body)
    {
        var found = new List<ValidationResult>();
        foreach (var parameter in body.GetType().GetConstructors()[0].GetParameters())
        {
            var value = body.GetType().GetProperty(parameter.Name!)!.GetValue(body);
            foreach (var rule in parameter.GetCustomAttributes(typeof(ValidationAttribute), inherit: false).Cast<ValidationAttribute>())
                if (!rule.IsValid(value)) return rule is StringLengthAttribute length ? $"Must have at most {length.MaximumLength} characters." : rule.ErrorMessage ?? "Is not as it must be.";
        }

        return null;
    }
}
