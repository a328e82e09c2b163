from django.urls import path

from hospitals.lazy_views import LazyViews

views = LazyViews("hospitals.views")

urlpatterns = [
    path("login/", views.SignIn, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("language/", views.choose_language, name="choose_language"),
    path("account/", views.account, name="account"),
    path("account/password/", views.ChangePassword, name="change_password"),
]
