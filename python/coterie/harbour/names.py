"""The words of Harbour: names of people, places and things; none of them is a person's."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text."""
    return tuple(text.split())


FEMALE = words(
    "Elizabeth Margaret Katherine Susan Victoria Jennifer Patricia Rebecca Alexandra Samantha "
    "Deborah Christine Abigail Jessica Theresa Josephine Eleanor Penelope Philippa Amanda "
    "Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Rosie Sophia Grace Evie Poppy "
    "Ella Charlotte Daisy Emily Sienna Phoebe Alice Matilda Ruby Maisie Aria Luna Hallie Erin "
    "Zara Imogen Bonnie Thea Nancy Martha Beatrice Clara Edith Harper Iris Jasmine Keira Leah "
    "Maya Naomi Orla Paige Quinn Robyn Scarlett Tamsin Una Violet Wren Xanthe Yasmin Zoe Anouk"
)
MALE = words(
    "William Robert Richard James Michael Christopher Edward Anthony Alexander Benjamin "
    "Nicholas Samuel Timothy Gregory Frederick Andrew Daniel Joseph Matthew Stephen "
    "Oliver George Noah Arthur Harry Leo Muhammad Jack Charlie Oscar Henry Archie Theodore "
    "Alfie Joshua Freddie Ethan Isaac Albert Rory Sebastian Finley Lucas Mason Adam Dylan "
    "Ralph Hugo Felix Jude Elliot Louis Rowan Stanley Toby Victor Walter Xavier Yusuf Zachary "
    "Angus Blake Callum Duncan Ewan Fergus Gareth Hamish Ivor Jasper Kieran Lachlan Magnus "
    "Niall Owen Piers Quentin Rhys"
)
NICKNAMES = {
    "Elizabeth": "Liz", "Margaret": "Maggie", "Katherine": "Kate", "Susan": "Sue",
    "Victoria": "Vicky", "Jennifer": "Jenny", "Patricia": "Pat", "Rebecca": "Becky",
    "Alexandra": "Sandra", "Samantha": "Sam", "Deborah": "Debbie", "Christine": "Chris",
    "Abigail": "Abby", "Jessica": "Jess", "Theresa": "Terry", "Josephine": "Jo",
    "Eleanor": "Nell", "Penelope": "Penny", "Philippa": "Pippa", "Amanda": "Mandy",
    "William": "Bill", "Robert": "Bob", "Richard": "Dick", "James": "Jim", "Michael": "Mike",
    "Christopher": "Kit", "Edward": "Ted", "Anthony": "Tony", "Alexander": "Alec",
    "Benjamin": "Ben", "Nicholas": "Nick", "Samuel": "Sammy", "Timothy": "Tim",
    "Gregory": "Greg", "Frederick": "Fred", "Andrew": "Andy", "Daniel": "Dan", "Joseph": "Joe",
    "Matthew": "Matt", "Stephen": "Steve",
}  # fmt: skip
SURNAME_HEADS = words(
    "Ash Bar Bex Black Bram Brook Cald Carl Chat Ches Clay Cran Dal Den Dray East Elm Fair Fern "
    "Fox Gar Glen Gran Hal Har Hazel Hearn Hol Hurst Kel Ken Kings Lang Lin Long Mar Mel Mill "
    "Moor Nor North Oak Pem Pen Rad Ravens Red Rock Rush Sand Sel Shel Stan Stock Sut Thorn "
    "Tren Wal Wel West Whit Win Wood Yar"
)
SURNAME_TAILS = words(
    "bourne bridge brook burn bury by cliffe combe cote croft dale don field ford gate grove ham "
    "hurst land ley low man mere more ridge shaw stead stone ton well wick wood worth"
)
REGIONS = ("Northshore", "Eastbank", "Southquay", "Westport", "The Isles", "Uplands")
AREAS = ("NS", "EB", "SQ", "WP", "TI", "UP")
TOWNS = (
    "Gullhaven", "Stonewick", "Kelport", "Saltmarsh", "Ternmouth", "Brightwater", "Oxcliffe",
    "Sandley", "Heronsea", "Marram", "Anchorby", "Lowtide",
)  # fmt: skip
STREETS = words(
    "Harbour Chapel Station Church Mill Park Victoria Albert Beacon Cliff Ferry Fisher Garden "
    "Green Hill Lighthouse Market Meadow North Orchard Pier Quay River Rope School Shore South "
    "Spring Tower Windmill"
)
STREET_KINDS = ("Road", "Street", "Lane", "Close", "Avenue")
MAIL = ("postbox.example", "mailer.example", "seamail.example", "letters.example")
LETTERS = tuple("ABDEFGHJLNPQRSTUWXYZ")

# Harbour's own departments, the contract's department of each, and its categories.
DEPARTMENTS = (
    ("Provisions", "grocery", ("Pantry", "Drinks", "Tea and Coffee")),
    ("Plants and Garden", "produce", ("Seeds", "Pot Plants", "Herbs")),
    ("Butchery and Fish", "meat", ("Fish", "Shellfish", "Barbecue")),
    ("Hampers", "deli", ("Cheese", "Hampers", "Smoked")),
    ("Bakehouse", "bakery", ("Bread", "Cakes")),
    ("Home and Body", "health_home", ("Bath", "Candles", "Linen")),
    ("Sports Nutrition", "nutrition", ("Bars", "Powders")),
    ("Fuel and Gas", "fuel", ("Camping Gas", "Marine Fuel")),
    ("Clothing", "other", ("Knitwear", "Waterproofs", "Shirts")),
    ("Footwear", "other", ("Boots", "Deck Shoes")),
    ("Marine Gear", "other", ("Rope", "Safety", "Navigation")),
)
STORES = tuple(f"ST{number:02d}" for number in range(1, 13))
